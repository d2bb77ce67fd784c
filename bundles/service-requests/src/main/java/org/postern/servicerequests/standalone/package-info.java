/** Runs the life cycle of requests without OSGi: for measurements, simulations and the tests of other bundles. */
@Export
@Version("0.1.0")
package org.postern.servicerequests.standalone;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
