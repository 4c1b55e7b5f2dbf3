"""The ledger's walls and its one question: what was true of a customer, as known when.

Safe beside an older release: the tables are new.
"""

from django.db import migrations

from clientela.store.rowsecurity import AppendOnly, ProtectRows, RefersTo, TrackChanges

LINKED = """(select scope.sees_all()) or exists (
    select 1 from records_link l join records_customer c on c.id = l.customer_id
    where l.source_record_id = {record})"""

LINK_CHANGES_ONCE = """
create function scope.let_a_link_end() returns trigger language plpgsql as
$$ begin
    if tg_op = 'UPDATE' and old.ended_at is null and new.ended_at is not null
       and (to_jsonb(new) - 'ended_at' - 'ended_by') = (to_jsonb(old) - 'ended_at' - 'ended_by')
    then return new; end if;
    raise exception '% changes only by ending: % refused', tg_table_name, tg_op
        using errcode = 'restrict_violation';
end $$;
create trigger link_changes_only_by_ending before update or delete on records_link
    for each row execute function scope.let_a_link_end();
create trigger link_is_not_emptied before truncate on records_link
    for each statement execute function scope.refuse_change();
create trigger apart_pair_changes_only_by_ending before update or delete on records_apartpair
    for each row execute function scope.let_a_link_end();
"""
LINK_CHANGES_AGAIN = """
drop trigger apart_pair_changes_only_by_ending on records_apartpair;
drop trigger link_is_not_emptied on records_link;
drop trigger link_changes_only_by_ending on records_link;
drop function scope.let_a_link_end();
"""

# As of (t, k): per source record and attribute, among versions with known_at <= k and
# true_from <= t, the greatest (true_from, known_at, id); then, per customer and attribute,
# the most trusted source's, and the latest of equals. Links, trust and retractions as at k.
FACTS_AS_OF = """
create schema ledger;
create function ledger.facts_as_of(customers bigint[], true_on date, known_on timestamptz)
returns table (customer_id bigint, attribute text, value jsonb, version_id bigint,
               source_id bigint, true_from date, known_at timestamptz, trust smallint)
language sql stable as $$
    with rule as (
        select distinct on (t.source_id, t.attribute) t.source_id, t.attribute, t.trust
        from records_trustrule t where t.set_at <= known_on
        order by t.source_id, t.attribute, t.set_at desc
    ), stated as (
        select distinct on (v.source_record_id, f.key)
            l.customer_id, r.source_id, f.key as attribute, f.value, v.id as version_id,
            v.true_from, v.known_at
        from records_link l
        join records_sourcerecord r on r.id = l.source_record_id
        join records_recordversion v on v.source_record_id = l.source_record_id
        cross join lateral jsonb_each(v.attributes) f
        where l.customer_id = any (customers)
          and l.linked_at <= known_on and (l.ended_at is null or l.ended_at > known_on)
          and v.known_at <= known_on and v.true_from <= true_on
          and not exists (select 1 from records_retraction x
                          where x.run_id = v.run_id and x.at <= known_on)
        order by v.source_record_id, f.key, v.true_from desc, v.known_at desc, v.id desc
    )
    select distinct on (s.customer_id, s.attribute)
        s.customer_id, s.attribute, s.value, s.version_id, s.source_id, s.true_from, s.known_at,
        coalesce(special.trust, general.trust, 50::smallint)
    from stated s
    left join rule special on special.source_id = s.source_id
        and special.attribute = split_part(s.attribute, '#', 1)
    left join rule general on general.source_id = s.source_id and general.attribute = ''
    order by s.customer_id, s.attribute, coalesce(special.trust, general.trust, 50::smallint) desc,
        s.true_from desc, s.known_at desc, s.version_id desc
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("store", "0002_scope")]
    operations = [
        RefersTo("records_sourcerecord", "source_id", "records_source"),
        RefersTo("records_recordversion", "source_record_id", "records_sourcerecord"),
        RefersTo("records_link", "source_record_id", "records_sourcerecord"),
        AppendOnly("records_recordversion"),
        AppendOnly("records_retraction"),
        AppendOnly("records_trustrule"),
        AppendOnly("records_classification"),
        migrations.RunSQL(LINK_CHANGES_ONCE, LINK_CHANGES_AGAIN),
        TrackChanges("records_customer"),
        ProtectRows("records_customer"),
        ProtectRows(
            "records_recordversion",
            using=LINKED.format(record="records_recordversion.source_record_id"),
        ),
        ProtectRows("records_sourcerecord", using=LINKED.format(record="records_sourcerecord.id")),
        ProtectRows(
            "records_sealkey", using=LINKED.format(record="records_sealkey.source_record_id")
        ),
        ProtectRows(
            "records_link",
            using="""(select scope.sees_all()) or exists (
                select 1 from records_customer c where c.id = records_link.customer_id)""",
        ),
        migrations.RunSQL(FACTS_AS_OF, "drop schema ledger cascade"),
    ]
