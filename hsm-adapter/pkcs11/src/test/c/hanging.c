/* A PKCS#11 module over SoftHSM that hangs while the file HANGING_TOKEN_FILE exists, like a token that was disconnected or a
 * network HSM whose connection is lost. Only the calls that vault operations make are blocked. For tests only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef SOFTHSM
#error "compile with -DSOFTHSM=\"path\" -DGATE=\"path\""
#endif

typedef unsigned long ulong_t;
typedef ulong_t (*call1)(void *);
typedef struct { unsigned char version[2]; void *function[68]; } function_list;

enum { INITIALIZE = 0, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, OPEN_SESSION = 12, CLOSE_SESSION = 13, GET_ATTRIBUTE = 24, FIND_INIT = 26,
       FIND = 27, FIND_FINAL = 28, SIGN_INIT = 42, SIGN = 43, DERIVE_KEY = 62 };

static function_list *real;
static function_list ours;

static void gate(void) {
    while (access(GATE, F_OK) == 0) {
        usleep(20000);
    }
}

static function_list *load(void) {
    if (real == NULL) {
        /* its own functions take precedence over functions of the same names that the host process may have loaded globally */
        void *library = dlopen(SOFTHSM, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
        ulong_t (*get)(function_list **) = (ulong_t (*)(function_list **)) dlsym(library, "C_GetFunctionList");
        get(&real);
    }
    return real;
}

#define REAL(index, type) ((type) load()->function[index])

ulong_t C_Initialize(void *arguments) { return REAL(INITIALIZE, call1)(arguments); }

ulong_t C_GetSlotList(unsigned char present, ulong_t *list, ulong_t *count) {
    return REAL(GET_SLOT_LIST, ulong_t (*)(unsigned char, ulong_t *, ulong_t *))(present, list, count);
}

ulong_t C_GetTokenInfo(ulong_t slot, void *info) {
    gate();
    return REAL(GET_TOKEN_INFO, ulong_t (*)(ulong_t, void *))(slot, info);
}

ulong_t C_OpenSession(ulong_t slot, ulong_t flags, void *application, void *notify, ulong_t *session) {
    gate();
    return REAL(OPEN_SESSION, ulong_t (*)(ulong_t, ulong_t, void *, void *, ulong_t *))(slot, flags, application, notify, session);
}

ulong_t C_CloseSession(ulong_t session) { return REAL(CLOSE_SESSION, ulong_t (*)(ulong_t))(session); }

ulong_t C_GetAttributeValue(ulong_t session, ulong_t object, void *template, ulong_t count) {
    return REAL(GET_ATTRIBUTE, ulong_t (*)(ulong_t, ulong_t, void *, ulong_t))(session, object, template, count);
}

ulong_t C_FindObjectsInit(ulong_t session, void *template, ulong_t count) {
    return REAL(FIND_INIT, ulong_t (*)(ulong_t, void *, ulong_t))(session, template, count);
}

ulong_t C_FindObjects(ulong_t session, ulong_t *objects, ulong_t most, ulong_t *count) {
    return REAL(FIND, ulong_t (*)(ulong_t, ulong_t *, ulong_t, ulong_t *))(session, objects, most, count);
}

ulong_t C_FindObjectsFinal(ulong_t session) { return REAL(FIND_FINAL, ulong_t (*)(ulong_t))(session); }

static ulong_t sign_init(ulong_t session, void *mechanism, ulong_t key) {
    gate();
    return REAL(SIGN_INIT, ulong_t (*)(ulong_t, void *, ulong_t))(session, mechanism, key);
}

static ulong_t sign(ulong_t session, void *data, ulong_t length, void *signature, ulong_t *signature_length) {
    gate();
    return REAL(SIGN, ulong_t (*)(ulong_t, void *, ulong_t, void *, ulong_t *))(session, data, length, signature, signature_length);
}

static ulong_t derive_key(ulong_t session, void *mechanism, ulong_t base, void *template, ulong_t count, ulong_t *key) {
    gate();
    return REAL(DERIVE_KEY, ulong_t (*)(ulong_t, void *, ulong_t, void *, ulong_t, ulong_t *))(session, mechanism, base, template, count, key);
}

ulong_t C_GetFunctionList(function_list **list) {
    memcpy(&ours, load(), sizeof ours);
    ours.function[GET_TOKEN_INFO] = (void *) C_GetTokenInfo;
    ours.function[OPEN_SESSION] = (void *) C_OpenSession;
    ours.function[SIGN_INIT] = (void *) sign_init;
    ours.function[SIGN] = (void *) sign;
    ours.function[DERIVE_KEY] = (void *) derive_key;
    ours.function[3] = (void *) C_GetFunctionList;
    *list = &ours;
    return 0;
}
