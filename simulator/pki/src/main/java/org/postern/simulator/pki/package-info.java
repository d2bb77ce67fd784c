/**
 * The throwaway PKI of the simulated DCC and the population of devices that it is for.
 *
 * <p>Start at {@link org.postern.simulator.pki.SimulatorPki}.
 */
@Export
@Version("1.0.0")
package org.postern.simulator.pki;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
