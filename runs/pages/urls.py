"""The addresses of the pages."""

from django.urls import path

from runs.pages import (
    dissent,
    explained,
    exports,
    formations,
    gates,
    home,
    huddle,
    learning,
    members,
    runs,
    styleguide,
    things,
    tournaments,
    trust,
)

RUN = "t/<slug:tenant>/runs/<uuid:uuid>/"

SETTINGS = "t/<slug:tenant>/settings/"

urlpatterns = [
    path("", home.home, name="home"),
    path("invitations/<str:secret>/", members.invitation_page, name="invitation"),
    path(SETTINGS + "members/", members.member_list, name="member-list"),
    path(SETTINGS + "members/invite/", members.member_invite, name="member-invite"),
    path(SETTINGS + "members/<int:number>/role/", members.member_role, name="member-role"),
    path(SETTINGS + "members/<int:number>/remove/", members.member_remove, name="member-remove"),
    path(SETTINGS + "invitations/<int:number>/revoke/", members.invitation_revoke, name="invitation-revoke"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("t/<slug:tenant>/runs/", runs.run_list, name="run-list"),
    path("t/<slug:tenant>/runs/rows/", runs.run_rows, name="run-rows"),
    path(RUN, runs.run_detail, name="run-detail"),
    path(RUN + "events/", runs.run_events, name="run-events"),
    path(RUN + "topic/", huddle.run_topic, name="run-topic"),
    path(RUN + "voices/", dissent.run_voices, name="run-voices"),
    path(RUN + "sides/", dissent.run_sides, name="run-sides"),
    path(RUN + "twin/", dissent.run_twin, name="run-twin"),
    path(RUN + "tables/<str:what>.<str:form>", exports.run_table, name="run-table"),
    path(RUN + "turn/", huddle.run_turn, name="run-turn"),
    path(RUN + "cancel/", runs.run_cancel, name="run-cancel"),
    path(RUN + "verify/", trust.run_verify, name="run-verify"),
    path(RUN + "why/", explained.run_why, name="run-why"),
    path(RUN + "thing/", things.run_thing, name="run-thing"),
    path(RUN + "verdict/", trust.run_verdict, name="run-verdict"),
    path("t/<slug:tenant>/gates/", gates.gate_list, name="gate-list"),
    path("t/<slug:tenant>/gates/<int:gate>/", gates.gate_detail, name="gate-detail"),
    path("t/<slug:tenant>/gates/<int:gate>/decide/", gates.gate_decide, name="gate-decide"),
    path("t/<slug:tenant>/tournaments/", tournaments.tournament_list, name="tournament-list"),
    path("t/<slug:tenant>/tournaments/start/", tournaments.tournament_start, name="tournament-start"),
    path("t/<slug:tenant>/tournaments/<int:number>/", tournaments.tournament_detail, name="tournament-detail"),
    path("t/<slug:tenant>/learning/", learning.learning, name="learning"),
    path("t/<slug:tenant>/formations/", formations.formation_list, name="formation-list"),
    path("t/<slug:tenant>/formations/<slug:formation>/", formations.formation_detail, name="formation-detail"),
    path("t/<slug:tenant>/formations/<slug:formation>/run/", formations.formation_run, name="formation-run"),
]
