/**
 * The key vault: the operations with the User's own private keys, and the rules of every provider. A GBCS key signs
 * only a Pre-Command for which the correlator has created a proof ({@link org.postern.hsm.CorrelationProof}); no
 * operation signs arbitrary bytes.
 */
@Export
@Version("0.1.0")
package org.postern.hsm;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
