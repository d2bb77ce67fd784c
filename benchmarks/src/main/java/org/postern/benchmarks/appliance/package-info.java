/**
 * The whole appliance measured from outside: driver, simulated DCC and appliance as processes of their own, CPU time of
 * each from the operating system, beside the floors that the same operations cost by themselves.
 * {@code docs/performance.md} explains the figures.
 */
package org.postern.benchmarks.appliance;
