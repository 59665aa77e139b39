"""python3 tests/checker check FOLDER | collect FOLDER | live

`check` judges a run folder. `collect` reads a running system into one. `live` does both, read-only.
Exit code: 0 clean, 1 anomalies, 2 could not tell.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Optional

from collect import Sources, collect
from load import BadInput, load
from report import CANNOT_TELL, check, to_json, to_text
from wire_kafka import KafkaTrouble
from wire_postgres import PostgresTrouble
from wire_redis import RedisTrouble


def _sources(parser: argparse.ArgumentParser) -> None:
    environ = os.environ
    parser.add_argument("--brokers", default=environ.get("KAFKA_BROKERS", "127.0.0.1:9092"))
    parser.add_argument("--registry", default=environ.get("SCHEMA_REGISTRY_URL", "http://127.0.0.1:8081"))
    parser.add_argument("--redis", default=environ.get("REDIS_URL"), help="not given: Redis is not looked at")
    parser.add_argument(
        "--postgres", default=environ.get("DATABASE_URL"), help="not given: PostgreSQL is not looked at"
    )
    parser.add_argument("--journal", help="the payment journal, JSON lines")
    parser.add_argument("--sale-id", default=environ.get("SALE_ID", "sale"))
    parser.add_argument("--group", default="saga", help="the saga's consumer group; empty: none is looked at")
    parser.add_argument(
        "--at-rest", action="store_true", help="no client is active and everything has settled"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="checker", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "collect", "live"):
        command = commands.add_parser(name)
        if name != "live":
            command.add_argument("folder", type=Path)
        if name != "check":
            _sources(command)
        if name != "collect":
            command.add_argument("--json", type=Path, help="where the verdict goes as JSON")
    return parser


def _collect(options: argparse.Namespace, folder: Path) -> None:
    collect(
        Sources(
            brokers=options.brokers,
            registry=options.registry,
            redis=options.redis,
            postgres=options.postgres,
            journal=options.journal,
            sale_id=options.sale_id,
            group=options.group or None,
            at_rest=options.at_rest,
        ),
        folder,
    )


def _check(folder: Path, json_file: Optional[Path], live: bool) -> int:
    run = load(folder)
    if live:
        # Somebody else's buyers: what they were told is not known here.
        run.settings["lacks"] = ["client history", "audit samples", "payment journal", "Redis", "PostgreSQL"]
    report = check(run)
    print(to_text(report))
    if json_file:
        json_file.write_text(json.dumps(to_json(report), indent=1, ensure_ascii=False), encoding="utf-8")
    return report.exit_code


def main(arguments: Optional[list[str]] = None) -> int:
    # A run is one large structure that lives until the end: looking through it for cycles takes a quarter of the time.
    gc.disable()
    options = _parser().parse_args(arguments)
    try:
        if options.command == "check":
            return _check(options.folder, options.json, live=False)
        if options.command == "collect":
            _collect(options, options.folder)
            return 0
        with tempfile.TemporaryDirectory() as folder:
            _collect(options, Path(folder))
            return _check(Path(folder), options.json, live=True)
    except (OSError, BadInput, KafkaTrouble, RedisTrouble, PostgresTrouble) as error:
        print(f"could not tell: {error}", file=sys.stderr)
        return CANNOT_TELL
