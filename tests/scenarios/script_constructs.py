"""What the shells and tools of old systems do not have, in the text of a shell script."""
import re

import bourne_words

FORBIDDEN = {
    r"\$\(": "$(...) is ` ` in the Bourne shell",
    r"\$\{[A-Za-z_0-9]+[#%]": "${x#y} and ${x%y} are expr or sed",
    r"\(\(|\$\[": "arithmetic is expr",
    r"(^|[;&|]|\bif|\bwhile|\bthen|\bdo)\s*!\s": "there is no !",
    r"^\s*local\s|^\s*function\s|\bdeclare\s|\btypeset\s": "all variables are global, functions are name()",
    r"\bexport \w+=": "export and the assignment are two commands",
    r"\[ -e |\btest -e |-nt |-ot |\[\[ ": "test has -f and -d, no -e, -nt, -ot",
    r"\bread -": "read has no options",
    r"~/": "~ is no folder",
    r"\bgrep -[a-z]*q": "grep has no -q",
    r"\bid -u|\bmktemp\b|\breadlink\b|\bstat -|\bdate \+%s|\bhead -c|\btimeout \d|\bseq \d|\bcommand -v|\bwhich ": "a tool or option that may be missing",
    r"\btar [a-z]*z": "tar has no z",
    r"\bset -[a-z]*o ": "set has no -o",
    r"\|&|&>|<<<|\$'": "of one shell only",
    r"\becho -|\becho [^;|}]*\\": "echo is not the same everywhere; printf is",
    r"\btrap - ": "trap has no -",
    r"(^|[;&|{]|\bif|\bthen|\bdo)\s*cd (?!/$|\"\$1\"$)": "cd ends the script where it fails, but in ( ) or go_to",
    r"\btail -\d": "tail has room for some lines only",
}


def forbidden(text):
    """Lines that hold one, with the reason. Comments and programs of awk, perl and bash are left out."""
    whole = text
    text = re.sub(r"""((?:\$(?:AWK|1)(?: -F\S+)? |perl -e |DOOR_\w+=)')([^']*)'""", lambda m: m.group(1) + "\n" * m.group(2).count("\n") + "'", text)
    bad = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        bad += [f"line {number}: {why}: {line.strip()[:60]}" for pattern, why in FORBIDDEN.items() if re.search(pattern, line)]
    bad += [f"line {number}: {why}: {whole.splitlines()[number - 1].strip()[:60]}" for number, why in bourne_words.complaints(whole)]
    bad += [f"{name}: a function and a variable" for name in bourne_words.shared_names(whole)]
    return bad + [f"{name}: counts in a pipe, where it is lost" for name in counting(whole) if re.search(r"\|\s*" + name + r"\b", whole)]


# What must be found, and what must not.
SAMPLES = {
    'x="`f "\\`g "$y"\\`"`"': 1, 'x="`f "$y" "$z"`"': 0, 'x="`f "a b"`"': 1, 'x=`f "a b"`': 0, 'x="`f "$*"`"': 0,
    "w=$w${w:+, }z": 1, 'w="$w${w:+, }z"': 0, "${port:+-p $port}": 1, "${1+\"$@\"}": 0,
    "case $x in [^a]*) ;; esac": 1, "sed 's/[^a]//'": 0, "# it's \"odd": 0, "x='": 1,
    "f() {\n    :\n}\nf=1": 1, "f() {\n    :\n}\ng=1": 0,
    "f() {\n    n=`expr \"$n\" + 1`\n}\necho | f": 1, "f() {\n    n=1\n}\necho | f": 0, "f() {\n    n=$n$1\n}\nf <x": 0,
    'cd "$x" || exit 1': 1, '(cd "$x" && ls)': 0, "cd /": 0, "x=`tail -20 \"$y\"`": 1,
}


def misjudged():
    """Samples of which not as much is found as must be."""
    return [f"{text!r}: found {forbidden(text)}" for text, wanted in SAMPLES.items() if bool(forbidden(text)) != bool(wanted)]


def counting(text):
    """Functions that add something to a variable."""
    bodies = re.findall(r"^(\w+)\(\) \{\n(.*?)^\}", text, re.M | re.S)
    return [name for name, body in bodies if re.search(r"\b(\w+)=[^\n]*\$\{?\1\b", body)]
