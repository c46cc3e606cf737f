"""Signing in and out, and choosing the post to act in."""

from __future__ import annotations

from django import forms
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from luoshi.web.requests import StaffRequest, staff


class PostForm(forms.Form):
    """The number of a post."""

    post = forms.IntegerField(min_value=1, max_value=2**63 - 1)

    def chosen(self) -> int:
        """The number sent, or 0, which no post has."""
        return int(self.cleaned_data["post"]) if self.is_valid() else 0


@require_POST
@staff
def act_for(request: StaffRequest) -> HttpResponseBase:
    """Act in another of one's own posts from now on."""
    post = get_object_or_404(request.user.posts, pk=PostForm(request.POST).chosen())
    request.session["acting"] = post.pk
    return redirect("web:today")


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Name and password; somebody who is signed in already goes on to their page."""
    return LoginView.as_view(template_name="web/signin.html", redirect_authenticated_user=True)(request)


urls = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("act-for/", act_for, name="act-for"),
]
