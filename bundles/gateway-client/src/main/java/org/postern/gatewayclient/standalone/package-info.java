/**
 * Opens the connections to the DCC, and the service for its callbacks, without OSGi: for tools, measurements,
 * simulations and the tests of other bundles.
 */
@Export
@Version("0.1.0")
package org.postern.gatewayclient.standalone;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
