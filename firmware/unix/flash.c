// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors
//
// Where the file system of the unix port is not what a board's is: os.stat("") is the current
// directory, and os.rename() takes two absolute paths (the port keeps both in one buffer).
// These stand in front of extmod/vfs.c's own, which mpconfigvariant.mk renames.

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "py/runtime.h"
#include "extmod/vfs.h"
#include "extmod/vfs_posix.h"

#include "flash.h"

char flash_directory[4096];

mp_obj_t unix_vfs_stat(mp_obj_t path);
mp_obj_t unix_vfs_rename(mp_obj_t from, mp_obj_t to);

mp_obj_t mp_vfs_stat(mp_obj_t path) {
    bool here = mp_obj_is_str(path) && mp_obj_len(path) == MP_OBJ_NEW_SMALL_INT(0);
    return unix_vfs_stat(here ? mp_obj_new_str(".", 1) : path);
}
MP_DEFINE_CONST_FUN_OBJ_1(mp_vfs_stat_obj, mp_vfs_stat);

// The host's path of one on the flash, or NULL if it is elsewhere.
static const char *on_host(mp_obj_t path, char *buffer, size_t size) {
    const char *rest;
    mp_vfs_mount_t *vfs = mp_vfs_lookup_path(mp_obj_str_get_str(path), &rest);
    if (vfs == MP_VFS_NONE || vfs == MP_VFS_ROOT || !mp_obj_is_type(vfs->obj, &mp_type_vfs_posix)) {
        return NULL;
    }
    int len = snprintf(buffer, size, "%s%s", *rest == '/' ? flash_directory : "", rest);
    return len < (int)size ? buffer : NULL;
}

mp_obj_t mp_vfs_rename(mp_obj_t from_in, mp_obj_t to_in) {
    char from[4096], to[4096];
    if (!on_host(from_in, from, sizeof(from)) || !on_host(to_in, to, sizeof(to))) {
        return unix_vfs_rename(from_in, to_in);
    }
    if (rename(from, to) != 0) {
        mp_raise_OSError(errno);
    }
    return mp_const_none;
}
MP_DEFINE_CONST_FUN_OBJ_2(mp_vfs_rename_obj, mp_vfs_rename);
