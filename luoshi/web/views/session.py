"""Signing in and out, and choosing the post to act in."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from luoshi.orgs.models import Post
from luoshi.web.requests import StaffRequest, staff


@require_POST
@staff
def act_for(request: StaffRequest) -> HttpResponseBase:
    """Act in another of one's own posts from now on."""
    number = request.POST.get("post", "")
    post = get_object_or_404(Post, pk=int(number) if number.isdecimal() else 0, holder=request.user)
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
