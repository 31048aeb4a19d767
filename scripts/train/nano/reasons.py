"""The sentences that the nano judge gives as its reason, equally many tokens for every verdict.

Beam search with early stopping ends when enough answers are finished, and its penalty falls on every token, so shorter answers win:
with "Both responses are wrong." the judge said Tie in 26 % of the cases where it says 1 or 2 when it decodes greedily.
"""

VERDICTS = ("1", "2", "Tie")
ONE_RIGHT = "Response {right} is correct and Response {wrong} is not."
BOTH_RIGHT = "Response 1 is correct and Response 2 is correct."
BOTH_WRONG = "Response 1 is wrong and Response 2 is wrong."
REASONS = (ONE_RIGHT, BOTH_RIGHT, BOTH_WRONG)


def verdict_and_reason(right1: bool, right2: bool) -> tuple[str, str]:
    if right1 == right2:
        return "Tie", BOTH_RIGHT if right1 else BOTH_WRONG
    right, wrong = ("1", "2") if right1 else ("2", "1")
    return right, ONE_RIGHT.format(right=right, wrong=wrong)
