"""Declare the detailed report of Toggl Track."""

from hourline.intake.rules.columns import Layout

LAYOUT = Layout(
    name="toggl",
    title="Toggl Track, detailed report",
    columns={
        "person_name": (("User",),),
        "person_email": (("Email",),),
        "client": (("Client",),),
        "project": (("Project",),),
        "task": (("Task",), ("Activity",)),
        "note": (("Description",),),
        "billable": (("Billable",),),
        "date": (("Start date",),),
        "start_time": (("Start time",),),
        "end_date": (("End date",),),
        "end_time": (("End time",),),
        "seconds": (("Duration",),),
    },
)
