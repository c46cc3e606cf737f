"""The addresses of the workspace: every area lists its own."""

from luoshi.web.views import (
    issuing,
    ours,
    pictures,
    plans,
    progress,
    receipts,
    reports,
    review,
    session,
    today,
    understanding,
)

app_name = "web"
urlpatterns = [
    *session.urls,
    *today.urls,
    *plans.urls,
    *understanding.urls,
    *issuing.urls,
    *ours.urls,
    *receipts.urls,
    *pictures.urls,
    *review.urls,
    *progress.urls,
    *reports.urls,
]
