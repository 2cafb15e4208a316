"""How the Bourne shell of old Solaris cuts a script into words, which is not how later shells do: a double quote ends at the next double quote
also inside of backquotes, a blank ends a word also inside of ${...}, and ^ is a pipe. What it would then complain about when it runs."""
import re

META = ";&|^()<>\n"
BLANK = " \t"
ASSIGNED = re.compile(r"(?:^|[;&|{(\s])([A-Za-z_][A-Za-z_0-9]*)=|\bfor ([A-Za-z_]\w*) in\b|\bread ([A-Za-z_][\w ]*)")
FUNCTION = re.compile(r"^([A-Za-z_][A-Za-z_0-9]*)\(\)", re.M)


class Text:
    def __init__(self, text, line):
        self.text, self.at, self.line = text, 0, line

    def next(self):
        c = self.text[self.at:self.at + 1]
        self.at += 1
        self.line += c == "\n"
        return c

    def peek(self):
        return self.text[self.at:self.at + 1]


def one_word(t):
    """The word at `t`, with single quotes turned into backslashes as that shell does before it looks at $ and `; complains of an open quote."""
    out = []
    while t.peek() and t.peek() not in META + BLANK:
        c = t.next()
        if c == "'":
            while t.peek() and t.peek() != "'":
                out += ["\\", t.next()]
            if not t.next():
                raise ValueError("a single quote is not closed")
            continue
        out.append(c)
        if c == "\\":
            out.append(t.next())
        elif c in "\"`":
            while True:
                d = t.next()
                out.append(d)
                if not d:
                    raise ValueError(f"{c} is not closed")
                if d == c:
                    break
                if d == "\\":
                    out.append(t.next())
    return "".join(out)


def words(text, line=1):
    """(line, word) of each word, and (line, None) of each ^ that is a pipe."""
    t = Text(text, line)
    here = None
    while t.peek():
        c = t.peek()
        if c in BLANK:
            t.next()
        elif c == "#":
            while t.peek() and t.peek() != "\n":
                t.next()
        elif c in META:
            if t.next() == "^":
                yield t.line, None
            if c == "<" and t.peek() == "<":
                t.next()
                here = one_word(t).replace("\\", "")
            elif c == "\n" and here is not None:
                while t.peek():
                    end = (t.text + "\n").index("\n", t.at)
                    body = t.text[t.at:end]
                    t.at, t.line = end + 1, t.line + 1
                    if body == here:
                        break
                here = None
        else:
            begun = t.line
            yield begun, one_word(t)


def complaints(text, line=1):
    """(line, why) of what would be wrong in the Bourne shell."""
    try:
        for at, word in words(text, line):
            if word is None:
                yield at, "^ is a pipe"
            else:
                yield from of_word(word, at)
    except ValueError as e:
        yield line, str(e)


def of_word(word, line):
    i, is_quoted = 0, False
    while i < len(word):
        c = word[i]
        if c == "\\":
            i += 1
        elif c == '"':
            is_quoted = not is_quoted
        elif c == "$" and word[i + 1:i + 2] == "{":
            end, depth = i + 2, 1
            while end < len(word) and depth:
                end += word[end] == "\\"
                depth += (word[end:end + 1] == "{") - (word[end:end + 1] == "}")
                end += 1
            if depth:
                yield line, "a blank inside of ${...} ends the word"
                return
        elif c == "`":
            inner, i = [], i + 1
            while i < len(word) and word[i] != "`":
                if word[i] == "\\" and i + 1 < len(word):
                    i += 1
                    if word[i] not in "$`\"\\" or word[i] == '"' and not is_quoted:
                        inner.append("\\")
                inner.append(word[i])
                i += 1
            if i >= len(word):
                yield line, "a blank between double quotes inside of \"`...`\" ends the word"
                return
            yield from complaints("".join(inner), line)
        i += 1


def shared_names(text):
    """Variables that are named like functions: there the one takes the place of the other."""
    functions = set(FUNCTION.findall(text))
    assigned = {name for found in ASSIGNED.findall(text) for names in found for name in names.split()}
    return sorted(functions & assigned)
