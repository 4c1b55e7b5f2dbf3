"""Spanish names for Spain and Mexico: companies with their legal form, and persons."""

KIND = (
    ("Restaurante", "Mesón", "Taberna", "Asador", "Cafetería", "Marisquería"),
    ("Hotel", "Hostal", "Posada", "Parador"),
    ("Almacenes", "Ferretería", "Comercial", "Bazar", "Ultramarinos"),
    ("Colegio", "Escuela", "Instituto", "Academia"),
)
FIRST = (
    "El", "La Nueva", "Gran", "Casa", "Villa", "Puerta del", "Rincón del", "Plaza", "Jardín del",
    "Hermanos", "Mirador del", "Patio del", "Fuente del", "Camino del",
)  # fmt: skip
SECOND = (
    "Sol", "Olivo", "Puerto", "Molino", "Roble", "Naranjo", "Castillo", "Faro", "Almendro", "Río",
    "Pinar", "Alcázar", "Mar", "Norte", "Valle", "Cerro", "Arenal", "Laurel", "Encinar", "Palmar",
    "Granado", "Romero", "Tejo", "Manantial", "Tilo", "Nogal",
)  # fmt: skip
THIRD = (
    "Azul", "Dorado", "de Oriente", "Real", "de Abajo", "Viejo", "Blanco", "de San Juan", "Alto",
    "de la Vega", "Sereno", "Antiguo", "de Levante", "Verde", "del Carmen", "de Santa Ana",
)  # fmt: skip
FORMS = {"es": ("S.L.", "S.A.", "S.L.U.", "S.C."), "mx": ("S.A. de C.V.", "S. de R.L. de C.V.")}
GIVEN = (
    "María", "José", "Carmen", "Antonio", "Ana", "Manuel", "Lucía", "Javier", "Elena", "Miguel",
    "Sofía", "Álvaro", "Paula", "Sergio", "Marta", "Raúl", "Irene", "Andrés", "Nuria", "Íñigo",
)  # fmt: skip
SURNAMES = (
    "García", "Martínez", "López", "Sánchez", "Gómez", "Fernández", "Ruiz", "Díaz", "Muñoz",
    "Álvarez", "Romero", "Navarro", "Torres", "Gil", "Serrano", "Molina", "Ortega", "Delgado",
    "Núñez", "Ibáñez", "Peña", "Cano", "Prieto", "Vidal", "Rojas", "Márquez",
)  # fmt: skip
STREETS = (
    "Calle Mayor", "Avenida de la Constitución", "Calle del Prado", "Calle Nueva",
    "Paseo de la Estación", "Calle Real", "Plaza de España", "Calle de la Paz", "Ronda del Sur",
)  # fmt: skip


def company(r: list[int], trade: int, land: str) -> str:
    """Return a company's name from random numbers `r`."""
    kinds, forms = KIND[trade], FORMS[land]
    words = [kinds[r[0] % len(kinds)], FIRST[r[1] % len(FIRST)], SECOND[r[2] % len(SECOND)]]
    if r[5] % 2:
        words.append(THIRD[r[3] % len(THIRD)])
    return f"{' '.join(words)} {forms[r[4] % len(forms)]}"


def person(r: list[int]) -> str:
    """Return a person's name, with both surnames, from random numbers `r`."""
    first, second = SURNAMES[r[1] % len(SURNAMES)], SURNAMES[r[2] % len(SURNAMES)]
    return f"{GIVEN[r[0] % len(GIVEN)]} {first} {second}"


def street(r: list[int]) -> str:
    """Return a street and number from random numbers `r`."""
    return f"{STREETS[r[0] % len(STREETS)]}, {1 + r[1] % 180}"
