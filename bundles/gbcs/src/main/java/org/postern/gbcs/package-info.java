/**
 * The Great Britain Companion Specification on the wire: message tree, codec, authentication, decryption, use-case
 * tables.
 *
 * <p>Start at {@link org.postern.gbcs.GbcsCodec}. All types are immutable and safe between threads unless they say
 * otherwise.
 */
@Export
@Version("0.1.0")
package org.postern.gbcs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
