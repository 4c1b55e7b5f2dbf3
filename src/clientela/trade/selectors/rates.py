"""What a currency was worth on a day."""

# The rate of a currency in the group's on a day: 1 for itself, else the last one given, if
# it is at most seven days old. A lateral sub-select; `%(base)s` is the group's currency.
RATE = """
    select 1::numeric as rate where {currency} = %(base)s
    union all
    (select e.rate from trade_exchangerate e
     where {currency} <> %(base)s and e.currency = {currency} and e.base = %(base)s
       and e.on_day <= {day} and e.on_day > {day} - 8
     order by e.on_day desc limit 1)"""
