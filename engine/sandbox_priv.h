/*
 * engine/sandbox_priv: what the two halves of the sandbox share: states and calls (sandbox.c), the allowed library
 * (sandbox_lib.c).
 */
#ifndef ENGINE_SANDBOX_PRIV_H
#define ENGINE_SANDBOX_PRIV_H

#include "engine/sandbox.h"

/* Pushes the table of global names of rules. Opens no more than is allowed; raises on lack of memory. */
void md_sandbox_open_library(lua_State *L);
/* Key of the registry under which the table of global names is kept. */
extern const char md_sandbox_globals_key;

#endif
