/**
 * Examples of the codes of keepalived's language alone.
 * @module
 */
import { inInstance, inVirtualServer, keepalived } from "./example.ts";

export const KEEPALIVED_EXAMPLES = {
  HK0401: keepalived(`
- vrrp_instance VI_1
+ vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0402: inInstance(`
-     priority 150 {
-     }
+     priority 150
`),
  HK0403: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
- }
`),
  HK0404: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
+ }
`),
  HK0405: inInstance(`
      authentication {
          auth_type PASS
-         auth_pass "s3cret
+         auth_pass "s3cret"
      }
`),
  HK0406: inInstance(`
-     priority
+     priority 150
`),
  HK0407: inInstance(`
-     priority 150 advert_int 1
+     priority 150
+     advert_int 1
`),
  HK0408: keepalived(`
- include vips.cfg
+ include vips.conf
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0409: keepalived(`
- include keepalived.conf
+ include vips.conf
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0410: inInstance(`
-     priority high
+     priority 150
`),
  HK0411: inInstance(`
-     lower_prio_no_advert TRUE
+     lower_prio_no_advert true
`),
  HK0412: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
- vrrp_instance VI_1 {
+ vrrp_instance VI_2 {
      interface eth0
      virtual_router_id 52
      virtual_ipaddress {
          192.0.2.101/24
      }
  }
`),
  HK0413: keepalived(`
- includem vips.cfg
+ includem vips.conf
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0414: keepalived(`
- @node1 include vips.conf
+ include vips.conf
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0415: keepalived(`
- # ${"the history of this pair of routers, told on a single line; ".repeat(18)}
+ # the history of this pair of routers,
+ # told on several lines
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0416: inInstance(`
-     priority 150\0
+     priority 150
`),
  HK0417: inInstance(`
      authentication {
          auth_type PASS
-         auth_pass s3\\#cret
+         auth_pass "s3#cret"
      }
`),
  HK0418: keepalived(`
  $VIPS=\\
-     include vips.conf
      192.0.2.100/24
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          $VIPS
+         include vips.conf
      }
  }
`),
  HK0419: inInstance(`
-     priority \${_RANDOM high}
+     priority 150
`),
  HK0420: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
-         ~SEQ(n, 110, 1, 100) 192.0.2.\${n}/24
+         ~SEQ(n, 110, -1, 100) 192.0.2.\${n}/24
      }
  }
`),
  HK0421: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
-         ~SEQ(n, 1000000) 192.0.2.\${n}/24
+         ~SEQ(n, 100) 192.0.2.\${n}/24
      }
  }
`),
  HK0422: keepalived(`
- bfd_instance the_session_with_the_second_router {
+ bfd_instance router2 {
      neighbor_ip 192.0.2.12
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0423: keepalived(`
  global_defs {
-     umask 022
+     router_id lb1
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0424: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
-         192.0.2.100/24 dev
+         192.0.2.100/24 dev eth1
      }
  }
`),
  HK0425: inInstance(`
-     preempt_delay 1.23456789
+     preempt_delay 1.234567
`),
  HK0426: keepalived(`
  global_defs {
-     lvs_sync_daemon eth0 VI_1 5
+     lvs_sync_daemon eth0 VI_1 id 5
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0427: keepalived(`
+ global_defs {
+     enable_script_security
+     script_user root
+ }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
      notify /usr/local/bin/notify
  }
`),
  HK0428: inInstance(`
      authentication {
          auth_type PASS
-         auth_pass gr\uFFFDn
+         auth_pass green
      }
`),
  HK0429: inInstance(`
-     skip_check_adv_addr off
`),
  HK0430: keepalived(`
  bfd_instance router {
+     neighbor_ip 192.0.2.12
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0431: keepalived(`
+ bfd_instance router {
+     neighbor_ip 192.0.2.12
+ }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      track_bfd {
          router
      }
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
- bfd_instance router {
-     neighbor_ip 192.0.2.12
- }
`),
  HK0432: inInstance(`
      virtual_rules {
-         from 192.0.2.100 lookup 200
+         from 192.0.2.100 lookup 200 preference 100
      }
`),
  HK0433: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
-     priority \${_RANDOM 100 200}
+     priority 150
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0434: inInstance(`
-     @node1 priority 150
-     @node2 priority 100
+     priority 150
`),
  HK0435: inVirtualServer(`
-     quorum 3
+     quorum 1
      real_server 192.0.2.21 80 {
      }
      real_server 192.0.2.22 80 {
      }
`),
  HK0436: keepalived(`
  global_defs {
      enable_script_security
      script_user root
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
-     notify /usr/local/bin/notfy
+     notify /usr/local/bin/notify
  }
`),
  HK0437: keepalived(`
  global_defs {
      enable_script_security
      script_user root
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
-     notify /usr/local/share/doc/notify.txt
+     notify /usr/local/bin/notify
  }
`),
  HK0438: keepalived(`
  global_defs {
      enable_script_security
      script_user root
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
-     notify /home/alice/notify
+     notify /usr/local/bin/notify
  }
`),
  HK0439: keepalived(`
  global_defs {
      enable_script_security
      script_user root
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
      notify /usr/local/bin/notify
-     notify /usr/local/bin/mail
  }
`),
  HK0440: keepalived(`
  global_defs {
      vrrp_garp_interval 0.1
      vmac_prefix vip
-     vmac_prefix vrrp
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0441: keepalived(`
  $VIP=192.0.2.100
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      priority 150
      virtual_ipaddress {
-         \${VPI}/24
+         \${VIP}/24
      }
  }
`),
} as const;
