"""Data: datasets, deliveries, their reports, quarantine, tickets."""

from __future__ import annotations

from clew.web.data import batches, quarantine, tickets, upload
from clew.web.door import BOTH, WRITE, Route

ROUTES = (
    Route("data/", batches.list_, "data", "read_batches"),
    Route("data/upload/", upload.upload, "batch-upload", "ingest", BOTH),
    Route("data/datasets/<slug:name>/", batches.dataset, "dataset", "read_batches"),
    Route("data/datasets/<slug:name>/template/", batches.template, "dataset-template",
          "read_batches"),
    Route("data/quarantine/", quarantine.list_, "data-quarantine", "read_quarantine"),
    Route("data/returned/", quarantine.returned, "data-returned", "repair", WRITE),
    Route("data/tickets/", tickets.list_, "data-tickets", "read_tickets"),
    Route("data/tickets/<slug:code>/answer/", tickets.answer, "data-answer", "answer_ticket",
          WRITE),
    Route("data/batches/<slug:code>/", batches.show, "batch", "read_batches"),
    Route("data/batches/<slug:code>/decide/", batches.decide, "batch-decide", "decide_batch",
          WRITE),
    Route("data/batches/<slug:code>/quarantine/", quarantine.of_batch, "batch-quarantine",
          "read_quarantine"),
    Route("data/batches/<slug:code>/workbook/", quarantine.workbook, "batch-workbook",
          "repair", WRITE),
    Route("data/batches/<slug:code>/mend/<int:row>/", quarantine.mend, "batch-mend", "repair",
          WRITE),
)  # fmt: skip
