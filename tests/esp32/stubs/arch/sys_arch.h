// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The WireGuard for MicroPython authors

// lwIP's view of FreeRTOS.
#pragma once

typedef struct sem { int unused; } *sys_sem_t;
typedef struct mutex { int unused; } *sys_mutex_t;
typedef struct mbox { int unused; } *sys_mbox_t;
typedef void *sys_thread_t;
typedef int sys_prot_t;
#define sys_mbox_valid(mbox) (*(mbox) != 0)
#define sys_mbox_set_invalid(mbox) (*(mbox) = 0)
#define sys_sem_valid(sem) (*(sem) != 0)
#define sys_sem_set_invalid(sem) (*(sem) = 0)
#define LWIP_NETCONN_THREAD_SEM_GET() ((sys_sem_t *)0)
#define LWIP_NETCONN_THREAD_SEM_ALLOC()
#define LWIP_NETCONN_THREAD_SEM_FREE()
