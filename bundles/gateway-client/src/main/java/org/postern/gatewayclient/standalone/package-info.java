/**
 * Opens both directions to the DCC without OSGi: for tools, measurements, simulations and the tests of other bundles.
 */
@Export
@Version("0.1.0")
package org.postern.gatewayclient.standalone;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
