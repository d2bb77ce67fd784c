package org.postern.benchmarks.appliance;

/**
 * What the clocks show at one moment.
 *
 * @param nanos of the monotonic clock
 * @param finished requests whose result the driver has
 * @param appliance CPU time of the appliance so far
 * @param simulator of the simulated DCC
 * @param driver of the driver
 * @param machine of everything on this machine
 */
record Reading(long nanos, long finished, CpuTime appliance, CpuTime simulator, CpuTime driver, MachineTime machine) {}
