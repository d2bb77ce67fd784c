/** Opens the software key vault without OSGi: for measurements, simulations and the tests of other bundles. */
@Export
@Version("0.1.0")
package org.postern.hsmsoftware.standalone;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
