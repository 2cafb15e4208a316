"""usage: sample.py FOLDER

Writes examples/sample-bundle: a small host on which mail for a few people over quota fills ims-ms, one destination is dead, and all else is
well. Always the same bytes."""
import os
import shutil
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import files
import hosts

PEOPLE = ["amy.lowell", "ben.okri", "carla.ruiz", "dev.anand", "emil.nolde", "fay.weldon", "gus.grissom", "hana.sato", "ivo.andric", "june.carter", "karl.popper", "lena.horne"]
FULL = ["otto.dix", "pearl.buck", "quinn.hall", "rosa.bonheur"]


class Harbour(hosts.Host):
    def user(self):
        return f"{self.rng.choice(PEOPLE)}@{self.domain}"

    def peer(self):
        return f"{self.rng.choice(['office', 'sales', 'news', 'j.smith', 'support'])}@{self.rng.choice(hosts.PEERS)}"


def make():
    h = Harbour(20261124, version="6.3", roles="relay+store", zone="America/New_York", per_hour=6, log_format=1)
    h.options.update(LOG_FILENAME=1, LOG_MESSAGE_ID=1, LOG_CONNECTION=1, LOG_PROCESS=0, LOG_USERNAME=0)
    h.now = datetime(2026, 11, 24, 9, 40, tzinfo=ZoneInfo("America/New_York")).astimezone(timezone.utc)
    h.domain, h.name, h.host, h.ip = "harbour.example", "mail1", "mail1.harbour.example", "192.0.2.25"
    h.configutil["local.hostname"] = h.host
    h.configutil["local.ugldaphost"] = "ldap1.harbour.example"
    h.dns.clear()
    for d in hosts.PEERS:
        h.resolves(d)
    h.resolves(h.domain, "mail exchanger " + h.host)
    for _ in range(38):
        who = FULL[min(h.rng.randrange(len(FULL)), h.rng.randrange(len(FULL)))]
        h.retry(h.enqueue(h.at(hours=h.rng.uniform(1, 20)), h.smtp, "ims-ms", h.peer(), f"{who}@{h.domain}"), "Over quota")
    dead = "oldpartner.example"
    h.resolves(dead)
    for _ in range(102):
        m = h.enqueue(h.at(hours=h.rng.uniform(0.3, 8)), "tcp_intranet", h.smtp, h.user(), f"{h.rng.choice(['orders', 'billing', 'm.jones'])}@{dead}")
        h.retry(m, f"TCP active open: Failed connect() {h.ip_of(dead)}:25  Error: Connection timed out")
    h.traffic(26)
    h.turnover(24)
    h.default_processes()
    return h


def main():
    top = sys.argv[1]
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(top)
    files.write_bundle(make(), top)


if __name__ == "__main__":
    main()
