"""An invitation as it is opened, without an account or with one; and one's own page."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from luoshi.orgs import invitations
from luoshi.orgs.models import Invitation, Person
from luoshi.orgs.refusals import Refused
from luoshi.web.forms.admin import JoinForm, PasswordForm
from luoshi.web.requests import refuse

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Who invites to what, and the form to come in by; what does not work says why."""
    try:
        found = invitations.opened(token)
    except Refused as refused:
        return render(request, "web/admin/invitation_ended.html", {"sentence": str(refused)}, status=410)
    if found.post is not None and isinstance(request.user, Person):
        return _with_account(request, found, token)
    form_class = JoinForm if found.post else PasswordForm
    form, status = form_class(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            typed = {"name": "", "username": "", **form.cleaned_data}
            typed.pop("again")
            try:
                person = invitations.join(token, **typed)
            except ValidationError as invalid:
                for field, sentences in invalid.message_dict.items():
                    form.add_error(field if field in form.fields else None, sentences)
            except Refused as refused:
                status = refuse(form, refused)
            else:
                login(request, person, backend=BACKEND)
                messages.success(
                    request,
                    _("欢迎，%(person)s。以后用账号“%(account)s”登录。")
                    % {"person": person, "account": person.username},
                )
                return redirect("web:today")
    return render(request, "web/admin/invitation.html", {"invitation": found, "form": form}, status=status)


def _with_account(request: HttpRequest, found: Invitation, token: str) -> HttpResponseBase:
    """Somebody who is signed in takes the post with the account they have."""
    if request.method == "POST" and isinstance(request.user, Person):
        post = invitations.accept(token, by=request.user)
        request.session["acting"] = post.pk
        messages.success(
            request, _("您现在是“%(unit)s”的%(role)s。") % {"unit": post.organisation, "role": post.get_role_display()}
        )
        return redirect("web:today")
    return render(request, "web/admin/invitation_accept.html", {"invitation": found})


@login_required
def own_page(request: HttpRequest) -> HttpResponseBase:
    """One's name and posts; sent, the password is changed."""
    form = PasswordChangeForm(cast("Person", request.user), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        person = form.save()
        update_session_auth_hash(request, person)
        messages.success(request, _("密码已改。别的设备要用新密码重新登录。"))
        return redirect("web:own-page")
    return render(request, "web/admin/own_page.html", {"form": form}, status=422 if form.errors else 200)


urls = [
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("me/", own_page, name="own-page"),
]
