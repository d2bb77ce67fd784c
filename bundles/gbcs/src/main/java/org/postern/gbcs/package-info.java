/**
 * Messages of the Great Britain Companion Specification: message tree, codec, authentication, decryption and use-case
 * tables.
 *
 * <p>Start with {@link org.postern.gbcs.GbcsCodec}. All types are immutable and thread-safe unless stated otherwise.
 */
@Export
@Version("0.1.0")
package org.postern.gbcs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
