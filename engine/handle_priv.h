/*
 * engine/handle_priv: what handles of instances (handle.c) and of collections (collection.c) share.
 */
#ifndef ENGINE_HANDLE_PRIV_H
#define ENGINE_HANDLE_PRIV_H

#include "engine/handle.h"

enum handle_kind { HANDLE_INSTANCE = 0x6d64, HANDLE_COUNTS, HANDLE_TEXTS };

/* The payload of every userdata that rules can see. */
struct handle {
    enum handle_kind kind;
    uint32_t generation;
    struct md_instance *at;
    const struct md_fact *fact; /* of a collection */
};

enum bound { BOUND_VALUE, BOUND_LOW, BOUND_HIGH };

/* Which end of an inexact fact this pass sees. */
enum bound md_reader_bound(struct md_reader *reader, const struct md_fact *fact);
/* The payload at `index`, of the kind and of the present store, else raises. */
struct handle *md_handle_payload(lua_State *L, int index, enum handle_kind kind);
/* Pushes the handle of a collection. */
void md_collection_push(lua_State *L, const struct md_fact *fact);
/* A new userdata with the metatable that stands under `key` in the table of metatables. */
struct handle *md_handle_new(lua_State *L, lua_Integer metatable);
/* Abandons because of a fact. */
_Noreturn void md_reader_abandon(lua_State *L, const struct md_fact *fact, const struct md_fact_def *def,
                                 const struct md_instance *at);
void md_collection_open(lua_State *L);
int md_handle_refuse_change(lua_State *L);
/* A number as rules see it: whole numbers as integers. */
void md_push_number(lua_State *L, double x);

/* Metatables of collections; those of scopes have their index + 1. */
#define METATABLE_COUNTS 1001
#define METATABLE_TEXTS 1002

/* Keys in the registry. */
extern const char md_handle_cache_key, md_handle_metatables_key;

#endif
