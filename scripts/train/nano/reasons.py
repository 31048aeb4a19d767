"""The sentences that the nano judge gives as its reason."""

VERDICTS = ("1", "2", "Tie")
ONE_RIGHT = "Response {right} is correct and Response {wrong} is not."
BOTH_RIGHT = "Both responses are correct."
BOTH_WRONG = "Both responses are wrong."
REASONS = (ONE_RIGHT, BOTH_RIGHT, BOTH_WRONG)


def verdict_and_reason(right1: bool, right2: bool) -> tuple[str, str]:
    if right1 == right2:
        return "Tie", BOTH_RIGHT if right1 else BOTH_WRONG
    right, wrong = ("1", "2") if right1 else ("2", "1")
    return right, ONE_RIGHT.format(right=right, wrong=wrong)
