"""A program at a pseudo terminal of 80x24, and the person in front of it."""
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

import program

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()=>].?|\x0f")


def plain(text):
    return ESCAPES.sub("", text).replace("\r", "")


class Terminal:
    def __init__(self, argv, cwd=None, columns=80, rows=24):
        self.seen = ""
        self.mark = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                if cwd:
                    os.chdir(cwd)
                os.execve(argv[0], argv, program.environment())
            finally:
                os._exit(126)
        self.resize(columns, rows)

    def resize(self, columns, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError as e:
            if e.errno == errno.EIO:    # the other end is gone
                return None
            raise
        self.seen += data.decode("utf-8", "replace")
        return bool(data) or None

    def wait(self, text, seconds=20):
        """Until the text is shown behind what was waited for before. Returns what was shown on the way."""
        end = time.monotonic() + seconds * program.SLOWNESS
        while True:
            shown = plain(self.seen[self.mark:])
            if text in shown:
                self.mark = len(self.seen)
                return shown
            if time.monotonic() > end:
                raise program.Wrong(f"{text!r} was not shown; the end of what was: {shown[-1500:]!r}")
            if self.read(0.2) is None and text not in plain(self.seen[self.mark:]):
                raise program.Wrong(f"ended before {text!r} was shown; the end of what was: {shown[-1500:]!r}")

    def send(self, text):
        """In pieces, reading what comes back meanwhile: a terminal has a small memory."""
        data = text.encode() if isinstance(text, str) else text
        os.set_blocking(self.fd, False)
        while data:
            self.read(0)
            try:
                n = os.write(self.fd, data[:4096])
                data = data[n:]
            except BlockingIOError:
                select.select([], [self.fd], [], 0.5)
        os.set_blocking(self.fd, True)

    def type(self, line):
        self.send(line + "\r")

    def paste(self, text):
        self.send("\x1b[200~" + text.replace("\n", "\r") + "\x1b[201~")

    def kill(self, number=signal.SIGKILL):
        os.kill(self.pid, number)

    def end(self, seconds=20):
        """Reads to the end; the exit status, negative: a signal's number."""
        limit = time.monotonic() + seconds * program.SLOWNESS
        while time.monotonic() < limit:
            if self.read(0.2) is None:
                break
        else:
            self.kill()
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)

    def hang_up(self):
        """The terminal is gone."""
        os.close(self.fd)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)
