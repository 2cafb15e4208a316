/*
 * probes/formats/msgserver/config_xml: config.xml of the Unified Configuration, as the list of paths and values that msconfig prints.
 *
 * What elements the product writes is no public interface, so the tree is walked without knowing them:
 *   <channel name="tcp_local"><maxjobs>20</maxjobs></channel>               an element is a component, "name" its instance
 *   <group name="channel" instance="tcp_local"> <option name="maxjobs">     a general element has its name as attribute
 *   <option name="maxjobs" value="20"/>, <option path="role.channel:tcp_local.maxjobs">
 * all give channel:tcp_local.maxjobs = 20. The root, <roles>, <role> are left out of paths, <instance> makes is_instance; prefixes
 * of name spaces are dropped. An element without text or elements in it is an option without value, as msconfig shows empty
 * groups, too. Comments, processing instructions and unknown attributes are passed over.
 *
 * Safety     Nothing outside the text is read; a declaration of entities ends the reading before one is used.
 * Errors     of form are in `faults` with line and column; what was read before counts.
 * Ownership  everything lives in the arena. Limits  MD_VALUES_MAX values, 64 levels, names of MD_VALUE_NAME_MAX bytes.
 */
#ifndef PROBES_FORMATS_MSGSERVER_CONFIG_XML_H
#define PROBES_FORMATS_MSGSERVER_CONFIG_XML_H

#include "probes/formats/msgserver/cnf_line.h"
#include "probes/formats/msgserver/value_out.h"

#define MD_CONFIG_XML_BYTES_MAX ((size_t)64 << 20)

struct md_config_xml {
    const char *name;
    struct md_values values;
    struct md_cnf_faults faults;
    struct md_str root; /* name of the root element; empty: there was none */
};

struct md_config_xml *md_config_xml_read(struct md_arena *arena, const char *name, struct md_str text,
                                         uint32_t first_line);

#endif
