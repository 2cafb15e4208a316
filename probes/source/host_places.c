#include "probes/source/host_places.h"

#include <stddef.h>

#define LIST(...)                                                                                                      \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

const struct md_host_places md_host_places = {
    .bases = LIST("/opt/sun/comms/messaging64", "/opt/sun/comms/messaging", "/opt/oracle/comms/messaging64",
                  "/opt/oracle/messaging64", "/opt/SUNWmsgsr", "/opt/sun/messaging"),
    .server_roots =
        LIST("/usr/iplanet/server5", "/usr/sunone/server5", "/opt/iplanet/server5", "/usr/netscape/server5"),
    .signs = LIST("config/imta.cnf", "config/config.xml", "config/imta_tailor", "data/config/imta.cnf",
                  "imta/config/imta.cnf", "lib/job_controller", "sbin/imsimta", "bin/imsimta", "imsimta",
                  "config/msg.conf", "data/queue"),
    .config = LIST("config", "data/config", "imta/config"),
    .log = LIST("log", "data/log", "log/imta", "imta/log"),
    .commands = LIST("sbin", "bin", "lib", "."),
    .proc = LIST("data/proc", "proc"),
    .queue = LIST("data/queue", "queue", "imta/queue"),
    .images = LIST("lib/config_data", "imta/lib/config_data"),
    .store_list = LIST("data/store/mboxlist", "store/mboxlist"),
    .calendar_bases = LIST("/opt/SUNWics5/cal", "/opt/SUNWics5", "/opt/sun/calendar/cal", "/opt/sun/calendar",
                           "/opt/iPlanet/CalendarServer5/cal"),
    .calendar_config = LIST("/etc/opt/SUNWics5/config", "/etc/opt/SUNWics5/cal/config", "/etc/opt/sun/calendar/config",
                            "/etc/opt/sun/calendar/cal/config", "/opt/SUNWics5/cal/config", "/opt/sun/calendar/config",
                            "/opt/SUNWics5/cal/bin/config", "/opt/iPlanet/CalendarServer5/cal/bin/config"),
    .calendar_data = LIST("/var/opt/SUNWics5", "/var/opt/sun/calendar"),
    .programs = LIST("/usr/bin", "/bin", "/usr/sbin", "/sbin"),
    .never_kill = LIST("stored", "imcheck", "mboxutil", "imquotacheck", "imsconnutil", "reconstruct", "counterutil"),
    .df_inodes = LIST("df", "-i"),
    .df_inodes_solaris = LIST("df", "-o", "i"),
};

const struct md_host_file md_host_files[] = {
    {MD_ITEM_RESOLV_CONF, "/etc/resolv.conf"}, {MD_ITEM_NSSWITCH_CONF, "/etc/nsswitch.conf"},
    {MD_ITEM_HOSTS_FILE, "/etc/hosts"},        {MD_ITEM_CPUS, "/proc/cpuinfo"},
    {MD_ITEM_SYSTEM_LOG, "/var/adm/messages"}, {MD_ITEM_SYSTEM_LOG, "/var/log/messages"},
    {MD_ITEM_SYSTEM_LOG, "/var/log/syslog"},   {MD_ITEM_OTHER, NULL},
};
