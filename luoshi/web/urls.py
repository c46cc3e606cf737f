"""The addresses of the workspace: every area lists its own."""

from luoshi.web.views import (
    amending,
    arranging,
    extensions,
    issuing,
    notice_pages,
    ours,
    pictures,
    plans,
    progress,
    receipts,
    reports,
    review,
    session,
    tasks,
    today,
    understanding,
    unit_changes,
)

app_name = "web"
urlpatterns = [
    *session.urls,
    *today.urls,
    *plans.urls,
    *understanding.urls,
    *tasks.urls,
    *arranging.urls,
    *notice_pages.urls,
    *amending.urls,
    *issuing.urls,
    *ours.urls,
    *receipts.urls,
    *pictures.urls,
    *review.urls,
    *extensions.urls,
    *progress.urls,
    *reports.urls,
    *unit_changes.urls,
]
