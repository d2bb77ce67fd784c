/**
 * GBCS to the Message Mapping Catalogue (MMC), Service Request to Pre-Command, and the correlation of the two.
 *
 * <p>Reading starts at {@link org.postern.parsecorrelate.GbcsParser}.
 */
@Export
@Version("0.1.0")
package org.postern.parsecorrelate;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
