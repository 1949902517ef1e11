"""Declare the detailed report of Clockify, with its tasks or its activities."""

from hourline.intake.rules.columns import Layout

LAYOUT = Layout(
    name="clockify",
    title="Clockify, detailed report",
    columns={
        "project": (("Project",),),
        "client": (("Client",),),
        "note": (("Description",),),
        "task": (("Task",), ("Activity",)),
        "person_name": (("User",),),
        "person_email": (("Email",),),
        "billable": (("Billable",),),
        "date": (("Start Date",),),
        "start_time": (("Start Time",),),
        "end_date": (("End Date",),),
        "end_time": (("End Time",),),
        # The exact duration where it is there; the decimal one is rounded.
        "seconds": (("Duration (h)",), ("Duration (decimal)",)),
    },
)
