/**
 * The DCC and its meters, for demonstrations and tests: three services, callbacks, a throwaway PKI and a menu of
 * faults.
 */
@Export
@Version("1.0.0")
package org.postern.simulator.dcc;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
