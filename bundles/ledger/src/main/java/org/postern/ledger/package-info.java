/** Durable storage of every request, response, alert and counter. */
@Export
@Version("0.1.0")
package org.postern.ledger;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
