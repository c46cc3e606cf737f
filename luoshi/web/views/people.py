"""人员与岗位: who holds which post, giving and taking posts, and invitations to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs import invitations, posts
from luoshi.orgs.invitations import Offer
from luoshi.orgs.models import Invitation, Person, Post, Role
from luoshi.orgs.permissions import may_give, may_manage, may_reset
from luoshi.orgs.posts import may_reactivate
from luoshi.orgs.refusals import Refused
from luoshi.web.admin_history import admin_history
from luoshi.web.administered import admin, administering, person_of, posts_of, unit_of, way_to
from luoshi.web.downloads import CONTENT_TYPES
from luoshi.web.forms.admin import HandOverForm, InviteForm, NewPostForm
from luoshi.web.forms.plans import VersionForm
from luoshi.web.import_files import invitations_xlsx
from luoshi.web.lists import chips, option
from luoshi.web.requests import StaffRequest, load, refuse
from luoshi.web.templatetags.luoshi import moment

PAGE = 50
MOST_SOUGHT = 60


@administering
def people(request: StaffRequest) -> HttpResponseBase:
    """The posts at and below the node one acts for, and who holds them."""
    rows = posts_of(request)
    per_role = dict(rows.order_by().values_list("role").annotate(n=Count("pk")))
    every = sum(per_role.values())
    vacant = rows.vacant().count()
    roles = {"": _("全部岗位"), **{role.value: str(role.label) for role in Role if role in per_role}}
    states = {"": _("全部"), "vacant": _("空缺")}
    role, state = option(request, "role", roles), option(request, "state", states)
    query = request.GET.get("q", "").replace("\0", "").strip()[:MOST_SOUGHT]
    if role:
        rows = rows.filter(role=role)
    if state:
        rows = rows.vacant()
    if query:
        rows = rows.filter(_sought(query))
    page = Paginator(rows.order_by("organisation__path", "role", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "query": query,
        "filtered": bool(role or state or query),
        "closed": _closed(request, query),
        "waiting": invitations.without_password(request.node).order_by().values("holder").distinct().count(),
        "filters": [
            (_("按岗位筛选"), chips(request, "role", roles, {"": every, **per_role})),
            (_("按状态筛选"), chips(request, "state", states, {"": every, "vacant": vacant})),
        ],
    }
    return render(request, "web/admin/people.html", admin(request, "people", **context))


def _sought(query: str) -> Q:
    """A name as it is written is a family and a given name."""
    by_name = Q(holder__first_name__icontains=query) | Q(holder__last_name__icontains=query)
    whole = Q(holder__last_name=query[:1], holder__first_name=query[1:])
    return by_name | whole | Q(holder__username__icontains=query) | Q(organisation__name__icontains=query)


def _closed(request: StaffRequest, query: str) -> Person | None:
    """The closed account of this very name, where it was closed by this office."""
    person = Person.objects.filter(username=query, is_active=False).first() if query else None
    return person if person and may_reactivate(request.user, person) else None


@require_POST
@administering
def people_invitations(request: StaffRequest) -> HttpResponseBase:
    """New addresses, as a table, for everybody who never set a password."""
    offers = invitations.invite_all(request.node, by=request.user)
    rows = [
        (
            str(post.holder),
            post.holder.username if post.holder else "",
            post.organisation.name,
            str(Role(post.role).label),
            _address(request, offer),
            moment(offer.invitation.expires_at),
        )
        for post, offer in offers
    ]
    made = invitations_xlsx(rows)
    kind = CONTENT_TYPES["xlsx"]
    return FileResponse(made, as_attachment=True, filename=f"{_('邀请链接')}.xlsx", content_type=kind)


@administering
def post_add(request: StaffRequest, code: str) -> HttpResponseBase:
    """A post at a unit: given to somebody who has an account, or vacant, for somebody to be invited."""
    unit, status = unit_of(request, code), 200
    roles = [role for role in Role if may_give(request.user, role, unit)]
    form = NewPostForm(roles, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        role, person = Role(form.cleaned_data["role"]), form.cleaned_data["account"]
        try:
            if person is None:
                post = posts.establish(unit, role, by=request.user)
            else:
                post = posts.appoint(unit, role, person, by=request.user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            if person is not None:
                said = _("“%(person)s”现在是“%(unit)s”的%(role)s。")
                messages.success(request, said % {"person": person, "unit": unit, "role": role.label})
                return redirect("web:unit", unit.code)
            messages.success(request, _("已设置空缺的岗位。现在可以邀请人来担任。"))
            return redirect("web:post", post.pk)
    status = status if not form.errors or status != 200 else 422
    context = {"form": form, "unit": unit}
    return render(request, "web/admin/post_add.html", admin(request, "people", **context), status=status)


@administering
def post(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One post: who holds it, and what may be done with it."""
    return _post(request, load(posts_of(request), pk=pk))


def _post(
    request: StaffRequest,
    shown: Post,
    *,
    hand_over: HandOverForm | None = None,
    invite: InviteForm | None = None,
    offer: Offer | None = None,
    status: int = 200,
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "post": shown,
        "way": way_to(request, shown.organisation),
        "may_give": may_give(request.user, shown.role, shown.organisation),
        "own": shown.holder == request.user,
        "hand_over": hand_over or HandOverForm(initial={"holder": shown.holder_id}),
        "invite": invite or InviteForm(),
        "open": shown.invitations.open().select_related("by").first(),
        "offer": offer,
        "address": _address(request, offer) if offer else "",
    }
    return render(request, "web/admin/post.html", admin(request, "people", **context), status=status)


@require_POST
@administering
def post_hand_over(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The post goes to somebody else."""
    shown, form = load(posts_of(request), pk=pk), HandOverForm(request.POST)
    if not form.is_valid():
        return _post(request, shown, hand_over=form, status=422)
    person = form.cleaned_data["account"]
    try:
        posts.hand_over(HandOverForm.seen(shown, request.POST), person, by=request.user)
    except Refused as refused:
        status = refuse(form, refused)
        return _post(request, load(posts_of(request), pk=pk), hand_over=form, status=status)
    said = _("“%(person)s”接任了“%(unit)s”的%(role)s。")
    words = {"person": person, "unit": shown.organisation, "role": shown.get_role_display()}
    messages.success(request, said % words)
    return redirect("web:people" if person != request.user else "web:today")


@require_POST
@administering
def post_relieve(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Take the post from its holder."""
    shown = load(posts_of(request), pk=pk)
    before, shown.holder_id = shown.holder, VersionForm.seen(request.POST) or None
    posts.relieve(shown, by=request.user)
    messages.success(request, _("“%(person)s”已卸任，岗位空缺，事项都留在岗位上。") % {"person": before})
    return redirect("web:post", pk)


@require_POST
@administering
def post_abolish(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Remove a vacant post."""
    shown = load(posts_of(request), pk=pk)
    posts.abolish(shown, by=request.user)
    messages.success(request, _("已撤销岗位。"))
    return redirect("web:unit", shown.organisation.code)


@require_POST
@administering
def post_invite(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Offer the post: the answer shows the address, once."""
    shown, form = load(posts_of(request), pk=pk), InviteForm(request.POST)
    if not form.is_valid():
        return _post(request, shown, invite=form, status=422)
    try:
        offer = invitations.invite(shown, form.cleaned_data["email"], by=request.user)
    except Refused as refused:
        status = refuse(form, refused)
        return _post(request, shown, invite=form, status=status)
    return _post(request, shown, offer=offer)


@require_POST
@administering
def invitation_revoke(request: StaffRequest, pk: int) -> HttpResponseBase:
    """End an open offer."""
    rows = Invitation.objects.filter(post__in=posts_of(request)).select_related("post__organisation")
    invitation = load(rows, pk=pk)
    invitations.revoke(invitation, by=request.user)
    messages.success(request, _("邀请已作废，链接不能再用。"))
    return redirect("web:post", invitation.post_id)


@administering
def person(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One person: the account and its posts."""
    return _person(request, person_of(request, pk))


def _person(request: StaffRequest, shown: Person, offer: Offer | None = None) -> HttpResponseBase:
    manages = may_manage(request.user, shown)
    context: dict[str, Any] = {
        "person": shown,
        "posts": [one for one in shown.held_posts if request.node.covers(one.organisation.path)],
        "elsewhere": sum(not request.node.covers(one.organisation.path) for one in shown.held_posts),
        "manages": manages,
        "resets": manages and may_reset(request.user, shown),
        "may_reactivate": not shown.is_active and may_reactivate(request.user, shown),
        "has_password": shown.has_usable_password(),
        "history": admin_history(shown),
        "offer": offer,
        "address": _address(request, offer) if offer else "",
    }
    return render(request, "web/admin/person.html", admin(request, "people", **context))


@require_POST
@administering
def person_invite(request: StaffRequest, pk: int) -> HttpResponseBase:
    """An address with which the person sets a password: the answer shows it, once."""
    shown = person_of(request, pk)
    return _person(request, shown, invitations.invite_back(shown, by=request.user))


@require_POST
@administering
def person_deactivate(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Close an account."""
    shown = person_of(request, pk)
    count = posts.deactivate(shown, by=request.user)
    said = _("“%(person)s”的账号已停用，%(count)d 个岗位空缺。做过的事都保留。")
    messages.success(request, said % {"person": shown, "count": count})
    return redirect("web:person", pk)


@require_POST
@administering
def person_reactivate(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Open a closed account again."""
    shown = posts.reactivate(person_of(request, pk), by=request.user)
    messages.success(request, _("“%(person)s”的账号已启用。请到单位页重新给岗位。") % {"person": shown})
    return redirect("web:people")


def _address(request: StaffRequest, offer: Offer) -> str:
    return request.build_absolute_uri(reverse("web:invitation", args=[offer.token]))


urls = [
    path("people/", people, name="people"),
    path("people/invitations/", people_invitations, name="people-invitations"),
    path("people/<int:pk>/", person, name="person"),
    path("people/<int:pk>/invite/", person_invite, name="person-invite"),
    path("people/<int:pk>/deactivate/", person_deactivate, name="person-deactivate"),
    path("people/<int:pk>/reactivate/", person_reactivate, name="person-reactivate"),
    path("organisations/<slug:code>/posts/add/", post_add, name="post-add"),
    path("posts/<int:pk>/", post, name="post"),
    path("posts/<int:pk>/hand-over/", post_hand_over, name="post-hand-over"),
    path("posts/<int:pk>/relieve/", post_relieve, name="post-relieve"),
    path("posts/<int:pk>/abolish/", post_abolish, name="post-abolish"),
    path("posts/<int:pk>/invite/", post_invite, name="post-invite"),
    path("invitations/<int:pk>/revoke/", invitation_revoke, name="invitation-revoke"),
]
