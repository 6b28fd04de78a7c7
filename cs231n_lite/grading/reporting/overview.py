"""The class at a glance: exercises, misconceptions, who is stuck where; one page for all."""
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from cs231n_lite.exercises.grade import BROKEN
from cs231n_lite.exercises.points import written as as_written
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import CORRECT, NOT_ATTEMPTED, SYMBOLS, WRONG
from cs231n_lite.grading.reporting import similar
from cs231n_lite.grading.reporting.html import (
    coded,
    count,
    folded,
    framed,
    head,
    linked,
    markup,
    part,
    table,
    text,
)
from cs231n_lite.grading.reporting.misconceptions import (
    Case,
    Misconception,
    misconceptions,
    notes,
    recurrences,
)
from cs231n_lite.grading.reporting.scoring import handed_in

TITLE = "The class at a glance"
# The classes by which cells are styled and sorted; what does not run counts as wrong there.
RANKS = {NOT_ATTEMPTED: "v0", BROKEN: "v2", WRONG: "v2", CORRECT: "v3"}
FEW = 6  # exercises that are named
NOT_HANDED_IN = "<td class=v0>·<i>not handed in</i>"


def class_page(results: list[dict], left: Sequence = (), isolation: str = "",
               compared: bool = False) -> str:
    """The page; `compared`, with what answers have in common."""
    slips = misconceptions(results)
    sections = {"Not graded": not_graded(left)}
    if results:
        sections |= {"Exercises": exercises(results), "Misconceptions": ranking(slips),
                     "The same slip twice": repeated(slips),
                     "Right, with a note": noted(results),
                     "Who is stuck where": standing(results), "Written answers": written(results),
                     "Answers that are alike": similar.section(results) if compared else ""}
    there = [(f"part{n}", title, body)
             for n, (title, body) in enumerate(sections.items()) if body]
    links = "".join(f'<a href="#{id}">{title}</a>' for id, title, _ in there)
    return framed(TITLE, "\n".join([
        f"<h1>{TITLE}</h1>{summary(results, isolation)}<nav aria-label=\"Parts\">{links}</nav>",
        *(f'<h2 id="{id}">{title}</h2>{body}' for id, title, body in there)]),
        "class", part("sort.js"))


def summary(results: list[dict], isolation: str) -> str:
    """How many there are, and how far they got."""
    right = [correct(result) for result in results]
    done = sum(number == len(asked(results)) for number in right)
    far = (f" The student in the middle has {median(right):g} correct; "
           f"{done or 'nobody'} {'has' if done < 2 else 'have'} all." if len(results) > 1 else
           f" {right[0]} of them {'is' if right[0] == 1 else 'are'} correct." if results else "")
    return (f"<p>{count(len(results), 'student')}, {count(len(asked(results)), 'exercise')}.{far}"
            f'</p><p class="quiet">{text(isolation)}</p>')


def not_graded(left: Sequence) -> str:
    """What was handed in and not graded, and why."""
    if not left:
        return ""
    rows = (f"<tr><th scope=row><bdi>{text(item.entry)}</bdi></th><td>{coded(item.why)}</td></tr>"
            for item in left)
    return table("What was handed in and could not be graded",
                 [head("entry"), head("why")], rows)


# --------------------------------------------------------------- exercises


def asked(results: list[dict]) -> list[str]:
    """The exercises of the notebooks that somebody handed in, in the notebooks' order."""
    found = {row["exercise"] for result in results for row in handed_in(result)}
    return [*(id for id in EXERCISES if id in found), *sorted(found - EXERCISES.keys())]


def correct(result: dict) -> int:
    """How many of a student's answers are correct."""
    return sum(row["verdict"] == CORRECT for row in result["exercises"])


def stands_at(result: dict) -> dict:
    """The first exercise that is not correct, of the notebooks handed in; empty when all are."""
    return next((row for row in handed_in(result) if row["verdict"] != CORRECT), {})


def exercises(results: list[dict]) -> str:
    """A line for each exercise: how many are correct, wrong, not attempted, and stand there."""
    found: dict[str, Counter[str]] = {id: Counter() for id in asked(results)}
    for result in results:
        verdicts = {row["exercise"]: row["verdict"] for row in handed_in(result)}
        for id, counts in found.items():
            counts[verdicts.get(id, NOT_ATTEMPTED)] += 1
    standing = Counter(stands_at(result).get("exercise") for result in results)
    words = [CORRECT, WRONG, NOT_ATTEMPTED,
             *([BROKEN] if any(counts[BROKEN] for counts in found.values()) else [])]
    heads = [head("no.", "n roomy"), head("exercise"), head("notebook", "aside"),
             head("share", "aside"),
             *(head(f"{SYMBOLS.get(word, '–')} <span class=word>{word}</span>", "n")
               for word in words),
             head("stand here", "n")]
    signs = [f"{SYMBOLS.get(word, '–')} {word}" for word in words]
    rows = (f'<tr><td class="n roomy">{n}</td><th scope=row><code>{text(id)}</code></th>'
            f"<td class=aside>{notebook(id)}</td>"
            f'<td class="aside" data-key="{counts[CORRECT]}">{bar(counts, len(results))}</td>'
            + "".join(f'<td class="n">{counts[word]}</td>' for word in words)
            + f'<td class="n">{standing[id]}</td></tr>'
            for n, (id, counts) in enumerate(found.items(), start=1))
    return table(
        f"How many students have each exercise {', '.join(signs)}; "
        "a student stands at the first exercise that is not correct, of the notebooks handed in",
        heads, rows)


def notebook(id: str) -> str:
    """The notebook that asks for an exercise."""
    return EXERCISES[id].notebook.replace("_", " ") if id in EXERCISES else ""


def bar(counts: Counter, all_of_them: int) -> str:
    """The shares as one bar, which says no more than the numbers beside it."""
    shares: Counter[str] = Counter()
    for word, number in counts.items():
        shares[RANKS.get(word, "v2")] += number
    return ('<span class="bar" aria-hidden="true">' + "".join(
        f'<i class="{rank}" style="width:{100 * shares[rank] / all_of_them:.1f}%"></i>'
        for rank in ("v3", "v2", "v0") if shares[rank]) + "</span>")


# --------------------------------------------------------------- misconceptions


def ranking(slips: list[Misconception]) -> str:
    """What was not understood, the most frequent first; what no slip is known for comes last."""
    known, unknown = ([slip for slip in slips if slip.known is which] for which in (True, False))
    parts = [slip_table(known, "Slips, the most frequent first; who has two counts in both")
             if known else "<p>No answer is wrong by a slip that is known.</p>"]
    if unknown:
        parts += ["<h3>Wrong in other ways</h3>", slip_table(
            unknown, "What is no slip that is known, or was not judged to its end")]
    return "\n".join(parts)


def noted(results: list[dict]) -> str:
    """What is noted of right answers."""
    found = notes(results)
    return slip_table(found, "What is noted of answers that are correct", "note") if found else ""


def slip_table(slips: list[Misconception], caption: str, what: str = "slip") -> str:
    """A line for each slip; those of one student come last, and are shown when asked for."""
    most = max(len(slip.students) for slip in slips)
    heads = [head("rank", "n roomy"), head(what), head("students", "n roomy"),
             head("share", "aside"),
             head("who")]
    rows = [(len(slip.students), slip_row(n, slip, most)) for n, slip in enumerate(slips, start=1)]
    return often_and_once(caption, heads, rows)


def often_and_once(caption: str, heads: list[str], rows: list[tuple[int, str]]) -> str:
    """A table of rows, each with a number of students; those with one are folded below others."""
    often, once = ([row for number, row in rows if (number > 1) is which]
                   for which in (True, False))
    if not often:
        return table(caption, heads, once)
    return table(caption, heads, often) + (folded(
        f"{len(once)} more, of one student each",
        table(f"Of one student each: {caption[0].lower()}{caption[1:]}", heads, once))
        if once else "")


def slip_row(rank: int, slip: Misconception, most: int) -> str:
    """A slip: the sentence, a line of code, where it is found, how many have it, who they are."""
    number = len(slip.students)
    line = f"<br><code>{text(slip.line)}</code>" if slip.line else ""
    where = listed(slip.exercises, lambda id: f"<code>{text(id)}</code>")
    width = f"width:{100 * number / most:.1f}%"
    return (f'<tr><td class="n roomy">{rank}</td><td class="slip">{coded(slip.sentence)}{line}'
            f'<br><span class="quiet">in {where}</span></td><td class="n roomy">{number}</td>'
            f'<td class="aside" data-key="{number}"><span class="bar" aria-hidden="true">'
            f'<i class="v2" style="{width}"></i></span></td>'
            f'<td class="who" data-key="{number}">{who(slip)}</td></tr>')


def who(slip: Misconception) -> str:
    """The students with the slip, each with the line that is to blame."""
    cases: dict[str, list[Case]] = {}
    for case in slip.cases:
        cases.setdefault(case.student, []).append(case)
    return names_folded(cases, lambda student: said_of(cases[student], slip.exercises))


def said_of(cases: list[Case], exercises: list[str]) -> str:
    """Where a student has a slip, unless all have it there, and a line of it."""
    where = listed(list(dict.fromkeys(case.exercise for case in cases)), text)
    line = next((case.line for case in cases if case.line), "")
    return ((f" <small>in {where}</small>" if len(exercises) > 1 else "")
            + (f" <code>{text(line)}</code>" if line else ""))


def listed(exercises: Sequence[str], shown: Callable[[str], str]) -> str:
    """Exercises by name, or, where they are many, how many they are."""
    return (", ".join(map(shown, exercises)) if len(exercises) <= FEW
            else count(len(exercises), "exercise"))


def names_folded(students: Iterable[str], said: Callable[[str], str] = lambda _: "") -> str:
    """Names as links, shown when they are asked for."""
    names = [f"<li>{linked(student)}{said(student)}" for student in students]
    return folded(count(len(names), "student"), f"<ul>{''.join(names)}</ul>")


def repeated(slips: list[Misconception]) -> str:
    """Pairs of exercises in which students have the same slip."""
    pairs = recurrences(slips)
    if not pairs:
        return ""
    rows = []
    for (first, second), by_slip in pairs:
        names = list(dict.fromkeys(name for names in by_slip.values() for name in names))
        told = "".join(f"<li>{coded(sentence)} ({len(who)})" for sentence, who in sorted(
            by_slip.items(), key=lambda item: -len(item[1])))
        both = f"<code>{text(first)}</code>, <code>{text(second)}</code>"
        rows.append((len(names),
                     f'<tr><th scope=row>{both}</th><td class="n roomy">{len(names)}</td>'
                     f'<td class="slip"><ul>{told}</ul></td>'
                     f'<td class="who" data-key="{len(names)}">{names_folded(names)}</td></tr>'))
    heads = [head("exercises"), head("students", "n roomy"), head("the same slip"), head("who")]
    return often_and_once("Pairs of exercises in which a student has the same slip", heads, rows)


# --------------------------------------------------------------- students


def standing(results: list[dict]) -> str:
    """A line for each student: how far, and the verdict on each exercise."""
    ids = asked(results)
    graded = any("points" in result for result in results)
    heads = [head("student"), head("correct", "n"), *([head("points", "n")] if graded else []),
             head("stands at"),
             *(head(f"{n} {text(id)}", "id") for n, id in enumerate(ids, start=1))]
    rows = (student_row(result, ids, graded)
            for result in sorted(results, key=lambda result: result["student"].casefold()))
    legend = "; ".join(f"{symbol} {word}" for word, symbol in SYMBOLS.items())
    return table(
        f"{legend}; – {BROKEN}; · not handed in", heads, rows, "grid")


def student_row(result: dict, ids: list[str], graded: bool) -> str:
    """A student's line."""
    rows = {row["exercise"]: row for row in handed_in(result)}
    at = stands_at(result).get("exercise")
    where = f"{ids.index(at) + 1} {text(at)}" if at else "all is correct"
    points = f'<td class="n">{points_of(result)}</td>' if graded else ""
    return (f'<tr><th scope=row>{linked(result["student"])}</th>'
            f'<td class="n">{correct(result)}</td>{points}'
            f'<td class="at">{where}</td>' + "".join(
                verdict_cell(rows[id]["verdict"]) if id in rows else NOT_HANDED_IN for id in ids)
            + "</tr>")


def verdict_cell(verdict: str) -> str:
    """A verdict as a sign, and in words for who does not see it."""
    rank = RANKS.get(verdict, "v2")
    return f"<td class={rank}>{SYMBOLS.get(verdict, '–')}<i>{text(verdict)}</i>"


def points_of(result: dict) -> str:
    """A student's points, where there are any."""
    return as_written(result["points"]) if "points" in result else ""


# --------------------------------------------------------------- written answers


def written(results: list[dict]) -> str:
    """The inline questions: how many have answered each, and where the answers are to be read."""
    found: dict[str, list[str]] = {}
    for result in results:
        for answer in result.get("written", ()):
            names = found.setdefault(answer["question"], [])
            names += [result["student"]] if answer["answer"] else []
    if not found:
        return ""
    heads = [head("question"), head("answered", "n roomy"), head("who")]
    rows = (f'<tr><td class="slip">{markup(question)}</td><td class="n roomy">{len(names)}</td>'
            f'<td class="who" data-key="{len(names)}">'
            + (folded(count(len(names), "answer"), "<ul>" + "".join(
                f"<li>{linked(name, '#written')}" for name in names) + "</ul>")
               if names else "nobody") + "</td></tr>"
            for question, names in found.items())
    return table(
        "Answers in the notebooks' text, which wait to be read", heads, rows)
