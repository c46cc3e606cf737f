"""The addresses of the workspace: every area lists its own."""

from luoshi.web.views import (
    amending,
    arranging,
    burden,
    extensions,
    issuing,
    lines,
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
    *burden.urls,
    *ours.urls,
    *receipts.urls,
    *pictures.urls,
    *review.urls,
    *extensions.urls,
    *progress.urls,
    *lines.urls,
    *reports.urls,
]
