"""Declare the detailed time report of Harvest, older and newer."""

from hourline.intake.rules.columns import Layout

LAYOUT = Layout(
    name="harvest",
    title="Harvest, detailed time report",
    columns={
        "date": (("Date",),),
        "client": (("Client",),),
        "project": (("Project",),),
        "project_code": (("Project Code",),),
        "task": (("Task",), ("Activity",)),
        "note": (("Notes",),),
        # Not Hours Rounded: what was worked is carried, the firm's rules round it.
        "seconds": (("Hours",),),
        "billable": (("Billable?",),),
        "invoiced": (("Invoiced?",),),
        "approved": (("Approved?",),),
        "person_name": (("First Name", "Last Name"),),
        "person_email": (("Email",),),
    },
)
