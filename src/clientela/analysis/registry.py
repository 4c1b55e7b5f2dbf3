"""Every analysis by name: what pages, the API, the command line and notebooks offer."""

from collections.abc import Mapping

from clientela.analysis.expressions.abc import ABC
from clientela.analysis.expressions.ageing import AGEING
from clientela.analysis.expressions.cohorts import COHORTS
from clientela.analysis.expressions.dso import DSO
from clientela.analysis.expressions.punctuality import PUNCTUALITY
from clientela.analysis.expressions.rfm import RFM
from clientela.analysis.expressions.sales import SALES
from clientela.analysis.expressions.spec import Analysis
from clientela.analysis.questions import Question, question_of

ANALYSES: Mapping[str, Analysis] = {
    analysis.name: analysis for analysis in (ABC, RFM, SALES, COHORTS, AGEING, PUNCTUALITY, DSO)
}

QUESTIONS: Mapping[str, Question] = {name: question_of(a) for name, a in ANALYSES.items()}
