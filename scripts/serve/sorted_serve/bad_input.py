"""What a client gets instead of an answer."""


class BadInput(Exception):
    """In OpenAI's form, as docs/server-api.md has it. The message is one line: what was expected, and what was found."""

    def __init__(self, message: str, param: str | None = None, code: str = "invalid_value", status: int = 400):
        super().__init__(message, param, code, status)  # all of them, so that it travels between processes
        self.message, self.param, self.code, self.status = message, param, code, status

    @property
    def type(self) -> str:
        if self.status == 429:
            return "rate_limit_error"
        return "server_error" if self.status >= 500 else "invalid_request_error"

    @property
    def body(self) -> dict:
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}

    def __str__(self) -> str:
        return self.message


class BadCheckpoint(Exception):
    """A folder that cannot be served, in one line; the server does not start."""
