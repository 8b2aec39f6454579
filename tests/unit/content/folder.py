"""A small content folder that is good, for tests that break one thing in it."""

from pathlib import Path

from content.education import EducationPage
from content.errors import BrokenContent, ContentError
from content.library import Library, read_library
from content.procedures import Procedure
from content.rendering import Advice, parts_of, source_line
from content.sources import Sources
from content.translations import stamp
from recovery.settings import ClinicSettings
from recovery.wording import Language

LANGUAGES = tuple(Language)

GOOD = {
    "common/sources.yaml": """\
- id: leaflet
  citation: A leaflet
  url: https://example.org/leaflet
  read_on: 2026-11-22
- id: study
  citation: A study
  doi: 10.1000/study
  place: table 2
  read_on: 2026-11-22
""",
    "common/warning_signs.yaml": """\
- {id: fever, tier: clinic_today, sources: [leaflet]}
- id: legs
  tier: emergency
  sources: [leaflet]
""",
    "common/en/signs.yaml": """\
fever:
  label: A fever
  short: a fever
  what_to_do: Call {clinic_phone} today, or {emergency_number}.
legs:
  label: A weak leg
  short: a weak leg
  what_to_do: Call {emergency_number} now.
""",
    "common/es/signs.yaml": """\
translates: ""
fever:
  label: Fiebre
  short: fiebre
  what_to_do: Llame a {clinic_phone} hoy, o al {emergency_number}.
legs:
  label: Una pierna débil
  short: una pierna débil
  what_to_do: Llame al {emergency_number} ahora.
""",
    "procedures/block/procedure.yaml": """\
service: back_pain
order: 1
asks_levels: true
questions: [activity]
hourly_day_0: false
first_status_day: 3
judging_day: 14
silence_days: 5
milestone_days: [14, 90]
instruments: [peg]
shared_course: null
sudden_pain_sign: legs
phases:
  - {id: sore, kind: sore, from: 0, to: 3, sources: [leaflet]}
  - {id: later, kind: follow, from: 4, to: null, sources: [study]}
figures:
  - {id: half, day: 90, kind: half_relief, people: 14, of: 20, source: study,
     status: read, how_read: Table 2.}
  - {id: mean, day: 30, kind: mean_pain, mean: 4.0, baseline_mean: 8.0, n: 20,
     source: study, status: read, how_read: Table 2.}
values:
  - {id: driving_days, low: 1, high: 2, sources: [leaflet]}
warning_signs: [fever, legs]
""",
    "procedures/block/course.yaml": """\
baseline:
  mean: 8.7
  source: study
points:
  - day: 0
    mean: 8.7
    n: 350
    statistic: mean
    source: study
    status: read
    how_read: Read.
  - day: 7
    mean: 3.5
    n: 350
    statistic: mean
    source: study
    status: read
    how_read: Read.
spreads:
  - day: 0
    sd: 1.9
    baseline_mean: 7.6
    n: 40
    source: study
    status: read
    basis: Interval.
""",
    "procedures/block/en/words.yaml": """\
name: A block
in_sentence: block
pain_site: in your back
course_name: After a block
course_caveat: One study.
caveat: Studies are small.
phases:
  sore: {label: Sore days, sentence: Soreness is common.}
  later: {label: Later, sentence: Nothing else is documented.}
figures:
  half: In a small study, about 7 of 10 people had half the pain.
  mean: In a small study, pain fell to 4 on average.
values:
  driving_days:
    name: Days until driving
    set: Do not drive for {value} days.
    unset: Ask when you may drive.
    range: Leaflets say {low} to {high} days.
""",
    "procedures/block/es/words.yaml": """\
translates: ""
name: Un bloqueo
in_sentence: bloqueo
pain_site: en la espalda
course_name: Después de un bloqueo
course_caveat: Un estudio.
caveat: Los estudios son pequeños.
phases:
  sore: {label: Días de molestia, sentence: La molestia es común.}
  later: {label: Después, sentence: No hay nada más documentado.}
figures:
  half: En un estudio pequeño, unas 7 de 10 personas tuvieron la mitad del dolor.
  mean: En un estudio pequeño, el dolor bajó a 4 en promedio.
values:
  driving_days:
    name: Días sin manejar
    set: No maneje por {value} días.
    unset: Pregunte cuándo puede manejar.
    range: Los folletos dicen de {low} a {high} días.
""",
    "procedures/block/en/glossary.yaml": """\
- {term: nerve, forms: [nerves], meaning: A thin cord that carries feeling.}
""",
    "procedures/block/es/glossary.yaml": """\
- translates: ""
- {term: nervio, forms: [nervios], meaning: Un cordón fino que lleva sensaciones.}
""",
    "procedures/block/en/pages/a-page.md": """\
---
procedures: [block]
title: A page
summary: What it says.
order: 1
from_day: 0
to_day: 14
review_date: 2026-11-22
reviewer: not yet reviewed by a clinician
sources: [study]
question:
  ask: What is common?
  answers: [Soreness., Nothing.]
  right: 1
  if_right: Yes.
  if_other: Soreness is common.
---

It was 3.5 after a week.[^study]

## Driving

{value:driving_days}

- Call {clinic_phone}.
- Rest.

{warning_signs}

> **What to do**
>
> Rest.
""",
    "procedures/block/es/pages/a-page.md": """\
---
translates: ""
title: Una página
summary: Lo que dice.
question:
  ask: ¿Qué es común?
  answers: [La molestia., Nada.]
  if_right: Sí.
  if_other: La molestia es común.
---

Fue 3,5 después de una semana.[^study]

## Manejar

{value:driving_days}

- Llame a {clinic_phone}.
- Descanse.

{warning_signs}

> **Qué hacer**
>
> Descanse.
""",
}


def write(root: Path, changes: dict[str, str | None] | None = None) -> Path:
    """
    Write the good folder below *root* with its translations stamped, then make *changes*.

    Args:
        root: An empty folder.
        changes: Texts by file; None leaves the file out.
    """
    for name, text in GOOD.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for name in GOOD:
        if "/es/" in name:
            stamp(root / name)
    for name, changed in (changes or {}).items():
        if changed is None:
            (root / name).unlink()
            continue
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(changed, encoding="utf-8")
    return root


def broken(root: Path, name: str, old: str, new: str) -> list[ContentError]:
    """Return what is said of the good folder with *old* replaced once in one of its files."""
    write(root)
    file = root / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    if "/en/" in name:
        other = root / name.replace("/en/", "/es/")
        if other.is_file():
            stamp(other)
    try:
        read_library(root, LANGUAGES)
    except BrokenContent as found:
        return list(found.errors)
    return []


def good(root: Path) -> Library:
    """Return the good folder, read in every language."""
    return read_library(write(root), LANGUAGES)


def told(
    page: EducationPage,
    procedure: Procedure,
    settings: ClinicSettings,
    advice: Advice,
    sources: Sources,
) -> str:
    """Return a filled page, its sources and who checked it as one Markdown text."""
    parts = parts_of(page, procedure, settings, advice)
    listed = [
        f"{number}. {source_line(sources[each])}"
        for number, each in enumerate(parts.source_ids, start=1)
    ]
    return "\n\n".join([parts.text, "\n".join(listed), parts.checked])
