"""Organisation nodes: group, companies, regions, branches and teams of the seller."""

from clientela.tables.contract import Column, TableContract

ORG_NODES = TableContract(
    name="org_nodes",
    meaning="The organisation that sells, with the region and the branch above each node.",
    one_row_per=("org_node_id",),
    columns={
        "org_node_id": Column("int64", "The node."),
        "parent_id": Column("int64", "The node above; null: the group.", required=False),
        "kind": Column(
            "string", "What it is.", values=("group", "company", "region", "branch", "team")
        ),
        "name": Column("string", "What people call it."),
        "region_id": Column(
            "int64", "The region at or above the node; null: above regions.", required=False
        ),
        "region_name": Column("string", "Its name; null as region_id.", required=False),
        "branch_id": Column(
            "int64", "The branch at or above the node; null: above branches.", required=False
        ),
        "branch_name": Column("string", "Its name; null as branch_id.", required=False),
    },
)
