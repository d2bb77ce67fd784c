/**
 * The key vault: what may be done with the User's own private keys, and the rules that every provider keeps. A GBCS key
 * signs only what the correlator has proved ({@link org.postern.hsm.CorrelationProof}); no operation signs arbitrary
 * bytes.
 */
@Export
@Version("0.1.0")
package org.postern.hsm;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
