/*
 * engine/base/banned: functions that we do not call, turned into compile errors.
 *
 * Every file of ours is compiled with this header in front (cmake/MdOptions.cmake). They overflow, depend on the locale
 * or zone of the process, keep hidden state or ignore errors; use engine/base/{str,num,time,zone,arena} instead. An
 * exemption is an #undef with its reason in the comment beside it.
 */
#ifndef ENGINE_BASE_BANNED_H
#define ENGINE_BASE_BANNED_H

/* First the headers that declare them, or their declarations would be hit. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MD_BANNED(name) sorry_##name##_is_a_banned_function

#undef strcpy
#define strcpy(...) MD_BANNED(strcpy)
#undef strcat
#define strcat(...) MD_BANNED(strcat)
#undef strncpy
#define strncpy(...) MD_BANNED(strncpy)
#undef strncat
#define strncat(...) MD_BANNED(strncat)
#undef stpcpy
#define stpcpy(...) MD_BANNED(stpcpy)
#undef sprintf
#define sprintf(...) MD_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) MD_BANNED(vsprintf)
#undef gets
#define gets(...) MD_BANNED(gets)
#undef scanf
#define scanf(...) MD_BANNED(scanf)
#undef fscanf
#define fscanf(...) MD_BANNED(fscanf)
#undef sscanf
#define sscanf(...) MD_BANNED(sscanf)
#undef strtok
#define strtok(...) MD_BANNED(strtok)
#undef strtok_r
#define strtok_r(...) MD_BANNED(strtok_r)

#undef atoi
#define atoi(...) MD_BANNED(atoi)
#undef atol
#define atol(...) MD_BANNED(atol)
#undef atoll
#define atoll(...) MD_BANNED(atoll)
#undef atof
#define atof(...) MD_BANNED(atof)
#undef strtol
#define strtol(...) MD_BANNED(strtol)
#undef strtoll
#define strtoll(...) MD_BANNED(strtoll)
#undef strtoul
#define strtoul(...) MD_BANNED(strtoul)
#undef strtoull
#define strtoull(...) MD_BANNED(strtoull)
#undef strtod
#define strtod(...) MD_BANNED(strtod)
#undef strtof
#define strtof(...) MD_BANNED(strtof)

#undef gmtime
#define gmtime(...) MD_BANNED(gmtime)
#undef gmtime_r
#define gmtime_r(...) MD_BANNED(gmtime_r)
#undef localtime
#define localtime(...) MD_BANNED(localtime)
#undef localtime_r
#define localtime_r(...) MD_BANNED(localtime_r)
#undef mktime
#define mktime(...) MD_BANNED(mktime)
#undef ctime
#define ctime(...) MD_BANNED(ctime)
#undef ctime_r
#define ctime_r(...) MD_BANNED(ctime_r)
#undef asctime
#define asctime(...) MD_BANNED(asctime)
#undef strftime
#define strftime(...) MD_BANNED(strftime)
#undef strptime
#define strptime(...) MD_BANNED(strptime)
#undef setlocale
#define setlocale(...) MD_BANNED(setlocale)

#undef system
#define system(...) MD_BANNED(system)
#undef popen
#define popen(...) MD_BANNED(popen)
#undef tmpnam
#define tmpnam(...) MD_BANNED(tmpnam)
#undef mktemp
#define mktemp(...) MD_BANNED(mktemp)

#endif
