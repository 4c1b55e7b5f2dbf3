"""What a question of a survey has to say, on plain values.

A question is `{"code", "kind", "text"}`, and by its kind: a *score* has `low` and `high`,
whole numbers with low below high; a *choice* has `choices`, two codes or more, and may have
`labels`. Words are by language: `{"en": …, "es": …}`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from clientela.kernel.reasons import Reason

LONGEST = 40


def question_faults(questions: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """Return what is wrong with the questions of one survey; nothing for a good one."""
    if not questions:
        return [Reason(code="survey_without_questions")]
    codes = [str(one.get("code", "")) for one in questions]
    return [
        Reason(code="survey_question_unfit", params={"question": code[:LONGEST]})
        for code, one in zip(codes, questions, strict=True)
        if not 0 < len(code) <= LONGEST or codes.count(code) > 1 or not _is_whole(one)
    ]


def answer_in_words(
    questions: Sequence[Mapping[str, Any]], code: str, choice: str, language: str
) -> tuple[str, str]:
    """Return the words of a question and of a choice; a code without words stands for itself."""
    asked = next((one for one in questions if one.get("code") == code), {})
    labels = asked.get("labels", {})
    return _word(asked.get("text"), code, language), _word(labels.get(choice), choice, language)


def _word(words: Mapping[str, str] | None, code: str, language: str) -> str:
    return (words or {}).get(language) or (words or {}).get("en") or code


def _is_whole(one: Mapping[str, Any]) -> bool:
    if one.get("kind") == "score":
        low, high = one.get("low"), one.get("high")
        return isinstance(low, int) and isinstance(high, int) and low < high
    choices = one.get("choices")
    return one.get("kind") == "choice" and isinstance(choices, list) and len(set(choices)) > 1
