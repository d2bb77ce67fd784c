/**
 * DUIS documents: RequestID, requests, responses, reading and writing, XML signatures, the official schema.
 *
 * <p>Plain Java; nothing here holds a key or opens a socket. Every refusal is a {@link org.postern.duis.DuisException}
 * whose fault is numbered PST-1010 to PST-1069 and names the element.
 */
@Export
@Version("0.1.0")
package org.postern.duis;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
