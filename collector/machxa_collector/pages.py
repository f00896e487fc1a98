"""Give the pages what they read: the API's own shapes, straight from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Depends, Request

from machxa_collector.api.access import anyone, permission, request_territory
from machxa_collector.api.answers import cursor_of, key_of, ms_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.seen import seen_asset
from machxa_collector.api.views import asset_views, curve_view, newest_view
from machxa_collector.desks import people as people_desk
from machxa_collector.desks.agents import agents_of
from machxa_collector.desks.availability import availability_of
from machxa_collector.desks.calendars import calendars_of
from machxa_collector.desks.communes import communes_of
from machxa_collector.desks.data_age import ages_of
from machxa_collector.desks.devices import devices_of
from machxa_collector.desks.dossiers import dossiers_of
from machxa_collector.desks.duty import duty_of
from machxa_collector.desks.enrolment import doors_of
from machxa_collector.desks.files import files_of
from machxa_collector.desks.finance import finance_of
from machxa_collector.desks.identities import identities_of
from machxa_collector.desks.incidents import incidents_of
from machxa_collector.desks.models import models_of
from machxa_collector.desks.norms import norms_of
from machxa_collector.desks.notify import notices_of
from machxa_collector.desks.outputs import outputs_of
from machxa_collector.desks.paper import paper_of
from machxa_collector.desks.register import register_of
from machxa_collector.desks.registry import desk_of
from machxa_collector.desks.reporting import reports_of
from machxa_collector.desks.search import search_of
from machxa_collector.desks.setup import setup_of
from machxa_collector.desks.systems import systems_of
from machxa_collector.desks.unit import unit_of
from machxa_collector.store import queries, samples
from machxa_collector.store.asset_list import AssetRow
from machxa_collector.store.asset_samples import AssetSamples
from machxa_web.admin.desk import Desks, Guards
from machxa_web.admin.router import create_admin_router
from machxa_web.agents.router import AgentGuards, create_agents_router
from machxa_web.availability.router import create_availability_router
from machxa_web.calendars.router import create_calendars_router
from machxa_web.commune.router import create_communes_router
from machxa_web.data_age.router import create_data_age_router
from machxa_web.dossiers.router import DossierGuards, create_dossiers_router
from machxa_web.duty.router import DutyGuards
from machxa_web.enrolment.router import DoorGuards, create_enrolment_router
from machxa_web.finance.desk import FinanceGuards
from machxa_web.finance.router import create_finance_router
from machxa_web.incidents.router import IncidentGuards, create_incidents_router
from machxa_web.languages import date_of
from machxa_web.norms.router import NormGuards, create_norms_router
from machxa_web.notify.router import NoticeGuards, create_notices_router
from machxa_web.outputs.router import OutputGuards, create_outputs_router
from machxa_web.pages import PageGuards, create_router
from machxa_web.paper.router import PaperGuards, create_paper_router
from machxa_web.people.desk import PeopleGuards
from machxa_web.people.router import create_people_router
from machxa_web.register.desk import RegisterGuards
from machxa_web.register.router import create_register_router
from machxa_web.reporting.desk import ReportGuards
from machxa_web.reporting.router import create_reporting_router
from machxa_web.search.router import SearchGuards, create_search_router
from machxa_web.setup.router import SetupGuards, create_setup_router
from machxa_web.systems.router import create_systems_router

PER_PAGE = 100
_RESOLUTIONS = {"raw": samples.RAW, "5m": 300, "1h": 3600}


class StoreReader:
    """Answer machxa_web's Reader from the store, for somebody's territory."""

    def __init__(self, request: Request, deps: Deps) -> None:
        self._request, self._deps = request, deps
        self._territory = request_territory(request)
        self._held: tuple[tuple[str, tuple[int, int], int], AssetSamples] | None = None  # a page shows many metrics

    def assets(self, cursor: str | None) -> object:
        """Return one page of assets; answers 400 for a cursor we did not make."""
        after = str(key_of(cursor, (str,))[0]) if cursor else ""
        rows = queries.list_assets(self._deps.store, after, PER_PAGE, self._territory)
        now_ms = self._deps.now_ms()
        following = cursor_of([rows[-1].id]) if len(rows) == PER_PAGE else None
        return {"assets": asset_views(self._deps.store, rows, now_ms), "next": following}

    def asset(self, asset_id: str) -> object | None:
        """Return one asset, None when there is none of this id."""
        row = self._row(asset_id)
        if row is None:
            return None
        return {**asset_views(self._deps.store, [row], self._deps.now_ms())[0], **newest_view(self._deps.store, row)}

    def samples(self, asset_id: str, name: str, start: datetime, end: datetime, step: str) -> object:
        """Return the series of one metric, none where no agent measures."""
        row = self._row(asset_id)
        if row is None or row.agent_pk is None:
            return {"series": []}
        span = (ms_of(start), ms_of(end))
        asked = (row.id, span, _RESOLUTIONS[step])
        if self._held is None or self._held[0] != asked:
            self._held = asked, AssetSamples(self._deps.store, *asked)
        return {"series": [curve_view(curve) for curve in self._held[1].curves(name)]}

    def _row(self, asset_id: str) -> AssetRow | None:
        return seen_asset(self._request, asset_id)

    def ledger(self, agent_id: str) -> object | None:
        """Return the books of an agent, None when there is no such agent."""
        rows = queries.ledger(self._deps.store, agent_id, self._territory)
        return None if rows is None else {"streams": rows}


def pages(deps: Deps) -> Sequence[APIRouter]:
    """Return the routers of the pages."""

    def reader_of(request: Request) -> StoreReader:
        return StoreReader(request, deps)

    def now() -> datetime:
        return date_of(deps.now_ms() / 1000)

    guards = Guards(
        looking=[Depends(permission("assets.read"))],
        changing=[Depends(permission("assets.write"))],
        importing=[Depends(permission("imports.write"))],
    )
    desks = Desks(records=desk_of, files=files_of, identities=identities_of)
    handles = [Depends(permission("incidents.handle"))]
    at_desk = DutyGuards(looking=[Depends(permission("desk.read"))], handling=handles)
    looks = PageGuards(looking=guards.looking, anyone=[Depends(anyone)], duty=at_desk)
    persons = PeopleGuards(
        anyone=[Depends(anyone)],
        own=[Depends(permission("account.own"))],
        reading=[Depends(permission("people.read"))],
        managing=[Depends(permission("people.manage"))],
    )
    handling = IncidentGuards(
        looking=[Depends(permission("incidents.read"))], handling=[Depends(permission("incidents.handle"))]
    )
    documents = OutputGuards(
        looking=[Depends(permission("incidents.read"))],
        changing=[Depends(permission("model.write"))],
        issuing=[Depends(permission("outputs.issue"))],
    )
    registering = RegisterGuards(
        looking=guards.looking, changing=guards.changing, counting=[Depends(permission("stocktakes.write"))]
    )
    telling = NoticeGuards(
        own=persons.own,
        looking=[Depends(permission("settings.read"))],
        setting=[Depends(permission("settings.write"))],
    )
    on_paper = PaperGuards(
        looking=handling.looking,
        declaring=[Depends(permission("paper.declare"))],
        writing=[Depends(permission("paper.write"))],
    )
    reporting = ReportGuards(
        anyone=persons.anyone,
        looking=[Depends(permission("reports.read"))],
        reporting=[Depends(permission("reports.write"))],
        declaring=[Depends(permission("sessions.declare"))],
        linking=[Depends(permission("reports.link"))],
    )
    keeping = AgentGuards(
        looking=[Depends(permission("agents.read"))],
        managing=[Depends(permission("agents.manage"))],
        reading=telling.looking,
        setting=telling.setting,
        holding=[Depends(permission("policies.write"))],
    )
    return (
        create_router(reader_of, now, looks, devices_of, duty_of),
        create_admin_router(desks, guards, now),
        create_agents_router(agents_of, keeping, now),
        create_enrolment_router(
            doors_of,
            DoorGuards(agents=keeping.managing, tokens=[Depends(permission("tokens.manage"))]),
            now,
        ),
        create_search_router(search_of, SearchGuards(looking=guards.looking, explaining=handling.looking), now),
        create_norms_router(
            norms_of, NormGuards(looking=[Depends(permission("costs.read"))], changing=guards.changing), now
        ),
        create_calendars_router(calendars_of, [Depends(permission("units.read"))], now),
        create_data_age_router(ages_of, telling.looking, now),
        create_setup_router(
            setup_of,
            SetupGuards(setting=[Depends(permission("units.write"))], enrolling=[Depends(permission("agents.manage"))]),
            now,
        ),
        create_people_router(people_desk.desk_of, persons, now),
        create_communes_router(communes_of, handling.looking, now),
        create_incidents_router(incidents_of, handling, now),
        create_systems_router(systems_of, handling.looking, now),
        create_register_router(desk_of, register_of, registering, now),
        create_outputs_router(models_of, outputs_of, documents, now),
        create_notices_router(notices_of, telling, now),
        create_dossiers_router(
            dossiers_of,
            DossierGuards(
                looking=[Depends(permission("units.read"))], importing=guards.importing, setting=telling.setting
            ),
            now,
        ),
        create_paper_router(paper_of, on_paper, now),
        create_availability_router(availability_of, handling.looking, now),
        create_reporting_router(reports_of, unit_of, reporting, now),
        create_finance_router(
            finance_of, FinanceGuards(looking=[Depends(permission("costs.read"))], deciding=guards.changing), now
        ),
    )
